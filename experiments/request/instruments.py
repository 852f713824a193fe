"""Instruments by what people call them."""

import re

from experiments.request.errors import nearest


def symbol_of(name, inputs):
    """The symbol of an instrument by its symbol or its name, `sA`, `government.ai_subsidy` or `AI subsidy`; None if none has it."""
    return _symbols(inputs).get(_plain(name)) if name not in inputs.economy.instruments.symbols else name


def unknown_instrument(name, inputs, or_shocks=()):
    """Why a name is refused that is none of an instrument, or of the shocks that may stand in its place."""
    instruments = inputs.economy.instruments
    known = [*or_shocks, *instruments.symbols, *(entry.name for entry in instruments.entries)]
    what = "instrument or shock" if or_shocks else "instrument"
    return f"no {what} {name!r}{nearest(str(name), known)}; see python3 run.py list {what.replace(' or ', ', list ')}"


def _symbols(inputs):
    """Symbols by plain name, with the block's and without where one block alone has it."""
    entries = inputs.economy.instruments.entries
    whole = {_plain(entry.name): entry.symbol for entry in entries}
    short = [_plain(entry.name.partition(".")[2]) for entry in entries]
    alone = {name: entry.symbol for name, entry in zip(short, entries, strict=True) if short.count(name) == 1}
    return alone | whole


def _plain(name):
    return re.sub("[^a-z0-9]+", "_", str(name).lower()).strip("_")
