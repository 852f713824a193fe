"""The answer to a claim as one sentence with its numbers in it."""

from string import Formatter

from experiments.answer.tables.writing import signed, two_digits
from experiments.claims.files import WITH_BAND


def _quarters(value):
    return {0: "no quarter", 1: "1 quarter"}.get(round(value), f"{value:.0f} quarters")


STYLES = {
    "": signed,
    "band": signed,
    "level": two_digits,
    "range": two_digits,
    "count": "{:,.0f}".format,
    "quarters": _quarters,
}


class _Answer(Formatter):
    """Puts measures into a sentence: `{name}` signed, `{name:level}` not, `{name:count}` and `{name:quarters}` whole.

    `{name:band}`, signed, and `{name:range}` have their 90 % range."""

    def __init__(self, measures):
        self._measures = measures

    def get_value(self, key, args, kwargs):
        return self._measures[key]

    def format_field(self, value, format_spec):
        number = STYLES[format_spec]
        if value["value"] is None:
            return "(not solved)"
        told, band = number(value["value"]), value["band"]
        if format_spec not in WITH_BAND or not band:
            return told
        low, high = number(band[0]), number(band[-1])
        return told if low == high else f"{told} (90 % range {low} to {high})"


def answer(sentence, measures):
    """The sentence of a claim with its numbers, `measures` as in `claims.json`: `{name: {value, band}}`."""
    return _Answer(measures).vformat(" ".join(sentence.split()), (), {})
