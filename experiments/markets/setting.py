"""From a configuration to a market: every number checked, nothing simulated."""

from dataclasses import dataclass

from calibration.markets.inputs import market_parameters, parameter_rows
from experiments.request.errors import InputError
from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER
from model.markets.declarations import Parameters
from model.markets.stability import problems

PATHS, MONTHS = (100, 1_000_000), (4, 60)


@dataclass(frozen=True)
class Market:
    """What a run of the daily block needs; `moved` are the numbers that the user set."""

    parameters: Parameters
    moved: dict[str, float]
    quarters: int
    paths: int
    seed: int
    two_way: bool


def prepare_market(config):
    """`Market` of a composed configuration; raises InputError with every problem found."""
    rows = parameter_rows()
    moved = {name: getattr(config.markets, name) for name in rows if getattr(config.markets, name) is not None}
    found = [
        f"markets.{name}: got {value:g}; allowed {rows[name].low:g} to {rows[name].high:g} [{rows[name].unit}]"
        for name, value in moved.items()
        if not rows[name].low <= value <= rows[name].high
    ]
    for key, (low, high) in {"paths": PATHS, "months": MONTHS}.items():
        if not low <= config[key] <= high:
            found.append(f"{key}: got {config[key]}; allowed {low} to {high}")
    p = market_parameters(moved)
    if float(p.blackout_last_day) + DAYS_A_QUARTER - float(p.blackout_first_day) + 1 >= DAYS_A_QUARTER:
        found.append(
            f"markets.blackout_first_day, markets.blackout_last_day: got a blackout from day {float(p.blackout_first_day):g} to day "
            f"{float(p.blackout_last_day):g} of the next quarter; expected a quarter of {DAYS_A_QUARTER} days to have open days"
        )
    if found:
        raise InputError(found)
    quarters = -(-config.months * DAYS_A_MONTH // DAYS_A_QUARTER)
    return Market(p, moved, quarters, config.paths, config.seed, config.coupling.value == "two_way")


def refuse_explosive(market, market_value):
    """Raise InputError if flows of this size would feed on themselves in a market worth `market_value` trillions."""
    found = list(problems(market.parameters, market_value))
    if found:
        raise InputError(found)
