"""What the page can move: policy sliders that make a scenario, and numbers of the economy at a few stops each."""

import shlex
from dataclasses import asdict, dataclass, replace

from pydantic import ConfigDict, Field, create_model

from experiments.request.ranges import key_of, out_of_range
from experiments.request.strict_yaml import as_yaml
from experiments.request.validation import validate

NAME = "view"
FILE = "two_economies_view.yaml"
SWITCH = "0 off, 1 on"
KINDS = {"operations": "amount", "changes": "value", "targets": "values"}  # of rows, and where their size stands
LOW_SKILLED = 8 / 33  # of all heads, of working age


@dataclass(frozen=True)
class Slider:
    """A policy, or a target: rows are those of a scenario file, with the value of the slider, times `scale`, in its place."""

    name: str
    title: str
    unit: str
    says: str
    low: float
    high: float
    step: float
    default: float
    operations: tuple = ()
    changes: tuple = ()
    targets: tuple = ()
    scale: float = 1.0

    def words(self, value):
        """The slider's value with its unit."""
        return {0: "off", 1: "on"}[value] if self.unit == SWITCH and value in (0, 1) else f"{value:g} {self.unit}"

    def rows(self, kind, value):
        """Rows of one of the `KINDS` of a scenario file with the slider at `value`."""
        return [{**row, KINDS[kind]: round(value * self.scale, 12)} for row in getattr(self, kind)]


@dataclass(frozen=True)
class Stops:
    """A number of the economy that stands at one of a few values; `middle` is the position of its own."""

    name: str
    title: str
    unit: str
    says: str
    number: str
    values: tuple
    middle: int


def _years(instrument, operation, last, *others):
    return tuple({"instrument": i, "operation": operation, "from": "2026Q1", "to": last} for i in (instrument, *others))


def _until(operation, unit, last):
    return ({"operation": operation, "unit": unit, "from": "2026Q1", "to": last},)


def _held(outcome, moves):
    return ({"outcome": outcome, "over": "baseline", "from": "2027Q1", "to": "2028Q4", "moves": moves},)


SLIDERS = (
    Slider("bill_share", "Bills for bonds", "pp of public debt", "The Treasury finances with bills instead of bonds, 2026-28.",
           -5, 5, 0.5, 0, operations=_until("bill_tilt", "pp of public debt", "2028Q4")),
    Slider("treasury_account", "Treasury cash account", "tn dollars", "Change of its balance at the Fed, 2026-27.",
           -0.6, 0.6, 0.05, 0, operations=_until("treasury_account", "tn USD", "2027Q4")),
    Slider("ai_subsidy", "AI subsidy", "% of equipment", "Tax credit on AI equipment, 2026-30.",
           0, 30, 1, 0, changes=_years("sA", "add", "2030Q4"), scale=0.01),
    Slider("grid", "Grid building", "times the plan", "Additions to the bulk grid, 2026-35.",
           0.5, 2, 0.05, 1, changes=_years("zG", "scale", "2035Q4")),
    Slider("interconnection", "Data-centre connections", "times the baseline", "Speed at which connections are processed, 2026-35.",
           0.5, 3, 0.1, 1, changes=_years("zQ", "scale", "2035Q4")),
    Slider("nuclear", "Nuclear projects", "times the baseline", "Projects that can be started, 2026-35.",
           0.5, 4, 0.1, 1, changes=_years("nN", "scale", "2035Q4")),
    Slider("gas", "Gas plants", "times the baseline", "Plants that can be started, 2026-35.",
           0.5, 3, 0.1, 1, changes=_years("nG", "scale", "2035Q4")),
    Slider("low_skilled", "Transfers to low-skilled workers", "% of GDP", "Paid to those of working age, 2026-35.",
           0, 0.5, 0.05, 0, changes=_years("trL", "add", "2035Q4"), scale=0.01 / LOW_SKILLED),
    Slider("politics", "Politics responds to inequality", SWITCH, "Profit taxes and transfers that follow inequality; off until 2065.",
           0, 1, 1, 1, changes=_years("pol", "set", "2065Q4")),
    Slider("policy_rate", "Policy rate, held", "points over the baseline", "Held there 2027-28; the Fed leaves its rule as far as that takes.",
           -0.3, 1, 0.1, 0, targets=_held("policy_rate_annual", "policy_rate")),
    Slider("ai_spending", "AI spending, held", "% of GDP over the baseline", "Held there 2027-28; the subsidy of AI equipment, or a tax on it, is found.",
           -1, 0.5, 0.1, 0, targets=_held("ai_capex_share", "AI subsidy")),
)  # fmt: skip


@dataclass(frozen=True)
class Preset:
    """A setting that asks a question of the narrative; `of` is the number of the claim that it belongs to, or POLICY.

    The title of one that moves a number of the economy tells what part of 100 that is, `there` and `here`.
    """

    of: str
    title: str
    settings: dict


POLICY = "Policy"
PRESETS = (
    Preset(
        "C4",
        "Is energy the bottleneck? Faster connections, more gas and nuclear",
        {"interconnection": 2, "gas": 1.5, "nuclear": 3},
    ),
    Preset("C4", "Is energy the bottleneck? Half the wait for connections", {"interconnection": 2}),
    Preset("C4b", "The most powerful policy: build power and grid", {"grid": 1.5, "gas": 1.5, "nuclear": 3}),
    Preset("C4b", "The most powerful policy: subsidise AI equipment", {"ai_subsidy": 10}),
    Preset("C6a", "Does the Treasury replace QE? Bills for bonds", {"bill_share": 3}),
    Preset(
        "C6b",
        "Bills for bonds and a lower cash account: a wave that did not come",
        {"treasury_account": -0.15, "bill_share": 2.5},
    ),
    Preset(
        "C2",
        "What AI spending adds at home: {there:.0f} % of AI equipment imported, not {here:.0f}",
        {"import_share": 0},
    ),
    Preset("C3b", "Does inequality force policy? Politics off", {"politics": 0}),
    Preset(POLICY, "The best use of a tenth of a per cent of GDP a year", {"low_skilled": 0.1}),
)


def knots(slider):
    """Values of a slider at which the page knows the answer beforehand: both ends, and half-way to them."""
    between = [(slider.default + end) / 2 for end in (slider.low, slider.high)]
    values = {slider.low, slider.high, *(between if slider.name != "politics" else ())}
    return sorted(values - {slider.default})


def stops_of(inputs):
    """Numbers of the economy with their stops, around the values of `inputs` and within their ranges."""

    def around(name, title, unit, says, number, move):
        here = inputs.value(number)
        values = tuple(here if i == 0 else round(float(move(here, i)), 6) for i in range(-2, 3))
        allowed = tuple(v for v in values if v == here or not list(out_of_range(inputs, {number: v})))
        return Stops(name, title, unit, says, number, allowed, allowed.index(here))

    return (
        around("ai_speed", "Speed of AI", "quarters", "Until AI has caught up half-way; fewer is faster.",
               "catch_up.midpoint.technology", lambda here, i: here * (1.8, 1.35, 1, 0.8, 0.65)[i + 2]),
        around("supply_elasticity", "Supply of connections", "elasticity", "How much more is connected when connections earn more.",
               "energy.interconnection_supply_elasticity", lambda here, i: here * (0.3, 0.55, 1, 2, 4)[i + 2]),
        around("import_share", "Imports of AI equipment", "share", "Part of AI equipment that is bought abroad.",
               "rest_of_world.import_share", lambda here, i: here + (-0.4, -0.2, 0, 0.15, 0.3)[i + 2]),
    )  # fmt: skip


def schema_of(stops):
    """The pydantic model of a view: every slider and the position of every stop, with its range."""
    fields = {s.name: (float, Field(default=s.default, ge=s.low, le=s.high)) for s in SLIDERS}
    fields |= {s.name: (int, Field(default=s.middle, ge=0, le=len(s.values) - 1)) for s in stops}
    return create_model("View", __config__=ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False), **fields)


def read_view(schema, query):
    """A view from `{name: text}`; raises InputError with every problem."""
    return validate(schema, query, "setting")


def scenario_body(view):
    """The scenario of a view as in a scenario file, or None where no policy is moved."""
    moved = [(s, getattr(view, s.name)) for s in SLIDERS if getattr(view, s.name) != s.default]
    if not moved:
        return None
    return {
        "description": "; ".join(f"{s.title}: {s.words(value)}" for s, value in moved) + ".",
        "announced": "2026Q1",
        **{kind: [row for s, value in moved for row in s.rows(kind, value)] for kind in KINDS},
    }


def moved_numbers(view, stops):
    """`{number: value}` of the stops that are not in the middle."""
    return {s.number: s.values[getattr(view, s.name)] for s in stops if getattr(view, s.name) != s.middle}


def scenario_file(view, stops, overrides):
    """The view as a file that `scenarios_file` takes, with the command that solves it."""
    body = scenario_body(view)
    numbers = [f"{key_of(number)}={value!r}" for number, value in moved_numbers(view, stops).items()]
    command = ["python", "-m", "experiments.run", "scenarios=[]", f"scenarios_file={FILE}", *overrides, *numbers]
    return f"# {shlex.join(command)}\n{as_yaml({NAME: body} if body else {})}"


def described(stops):
    """Sliders and stops as the page needs them."""
    return {
        "sliders": [{k: v for k, v in asdict(s).items() if k not in (*KINDS, "scale")} for s in SLIDERS],
        "stops": [asdict(s) for s in stops],
        "presets": [asdict(p) for p in presets_of(stops)],
    }


def presets_of(stops):
    """Presets that move something in an economy with these stops, with titles that tell its own numbers."""
    for preset in PRESETS:
        own = next((s for s in stops if s.name in preset.settings), None)
        if own is None:
            yield preset
        elif (at := preset.settings[own.name]) != own.middle:
            numbers = {"there": 100 * own.values[at], "here": 100 * own.values[own.middle]}
            yield replace(preset, title=preset.title.format(**numbers))
