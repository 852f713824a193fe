"""The scenarios of a claim: shipped ones, parts of them, impulses, or changes of its own."""

from experiments.build import build_scenario, shipped
from experiments.errors import InputError
from model.scenarios.scenario import Change, Scenario

IMPULSE_QUARTERS, FADING = 40, 0.8


def scenario_of(name, given, inputs):
    """`Scenario` called `name` from a shipped name or a mapping; raises InputError.

    `{of: NAME, components: [...]}` is a part of a shipped scenario, `{impulse: INSTRUMENT, size: X}` a change that fades.
    """
    if isinstance(given, str):
        return build_scenario(name, shipped(given, "scenarios"), inputs=inputs)
    if "of" in given:
        return build_scenario(name, _part(given), inputs=inputs)
    if "impulse" in given:
        fading = tuple(given["size"] * FADING**t for t in range(IMPULSE_QUARTERS))
        change = Change(given["impulse"], "add", fading, 0, IMPULSE_QUARTERS - 1)
        return Scenario(
            name, f"{given['impulse']} moves by {given['size']:g} and fades by a fifth a quarter.", (change,)
        )
    return build_scenario(name, given, inputs=inputs)


def _part(given):
    body = shipped(given["of"], "scenarios")
    kept = {
        key: [row for row in body.get(key, []) if row.get("component") in given["components"]]
        for key in ("operations", "changes")
    }
    missing = set(given["components"]) - {row["component"] for rows in kept.values() for row in rows}
    if missing:
        raise InputError(f"scenario {given['of']}: no component {', '.join(sorted(missing))}")
    return body | kept
