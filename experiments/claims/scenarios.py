"""The scenarios of a claim: shipped ones, parts of them, impulses, or changes of its own."""

from experiments.claims.files import DOSE
from experiments.request.errors import InputError
from experiments.request.scenarios import KINDS, build_scenario, part_of, shipped
from model.transition.scenarios.scenario import Change, Scenario

IMPULSE_QUARTERS, FADING = 40, 0.8


def scenario_of(name, given, inputs, doses=()):
    """`Scenario` called `name` from a shipped name or a mapping, None where it is another economy's baseline; raises InputError.

    `{of: NAME, components: [...]}` is a part of a shipped scenario, `{impulse: INSTRUMENT, size: X}` a change that fades,
    `{economy: {NUMBER: X}}` the baseline with other numbers. A value `dose.NAME` is that of `doses`.
    """
    if isinstance(given, str):
        return build_scenario(name, shipped(given), inputs=inputs)
    if "economy" in given:
        return None
    if "of" in given:
        return build_scenario(name, _part(given), inputs=inputs)
    if "impulse" in given:
        fading = tuple(given["size"] * FADING**t for t in range(IMPULSE_QUARTERS))
        change = Change(given["impulse"], "add", fading, 0, IMPULSE_QUARTERS - 1)
        return Scenario(
            name, f"{given['impulse']} moves by {given['size']:g} and fades by a fifth a quarter.", (change,)
        )
    return build_scenario(name, _dosed(given, dict(doses)), inputs=inputs)


def _dosed(given, doses):
    rows = [row | {"value": _size(row["value"], doses)} for row in given.get("changes", ())]
    return given | {"changes": rows}


def _size(value, doses):
    return doses[value.removeprefix(DOSE)] if isinstance(value, str) and value.startswith(DOSE) else value


def _part(given):
    kept = part_of(shipped(given["of"]), given["components"])
    missing = set(given["components"]) - {row["component"] for key in KINDS for row in kept[key]}
    if missing:
        raise InputError(f"scenario {given['of']}: no component {', '.join(sorted(missing))}")
    return kept
