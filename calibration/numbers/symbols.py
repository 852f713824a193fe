"""The symbols of the paper: which number each one is, and which target moves a calibrated quantity."""

import difflib
from typing import Any

from calibration.inputs import Inputs

# Calibrated quantities and the inputs that set them.
MOVED_BY = {
    "ZA": "targets.ai_capex_share",
    "ZT": "targets.firm_electricity",
    "aV": "targets.firm_electricity",
    "aE": "targets.firm_electricity",
    "gamA": "targets.ai_capex_share",
    "sK": "targets.data_centre_electricity",
    "K0": "targets.ai_capex_share",
    "E0": "targets.data_centre_electricity",
    "EA0": "targets.data_centre_electricity",
    "Ib": "targets.gpu_headroom",
    "Ts": "targets.ai_task_purchases",
    "TH": "targets.ai_task_purchases.high",
    "muS": "targets.wage_bill_share",
    "kap": "targets.wholesale_price",
    "Nb": "targets.nuclear_generation",
    "kapG": "targets.grid_investment_share",
    "NGb": "targets.grid_slack",
    "muG0": "targets.grid_slack",
    "kapX": "targets.interconnection_rent",
    "NXb": "targets.data_centre_electricity",
    "pEA0": "targets.interconnection_rent",
    "bg": "targets.gas_utilisation",
    "Eg0": "targets.nuclear_generation",
    "Eleg": "targets.legacy_generation",
    "Dcu0": "targets.other_copper_ratio",
    "Dcuo": "targets.other_copper_ratio",
    "nu": "targets.wealth_share_by_age",
    "om0": "targets.portfolio_prior",
    "x0": "targets.real_return",
    "v0": "targets.public_debt",
    "vS0": "targets.public_debt",
    "Dbar": "targets.public_debt",
    "cpn": "targets.real_return.bonds",
    "rst": "targets.real_return.liquid",
    "taun": "targets.public_debt",
    "alc": "targets.household_electricity",
    "alh": "targets.housing_value",
    "ale": "targets.household_electricity",
    "ebar": "targets.basic_electricity_share",
    "zH": "targets.housing_value",
    "EX0": "targets.foreign_claims",
    "NF0": "targets.foreign_claims",
    "ncc": "targets.childcare_share",
    "S": "targets.spender_share",
    "Nh": "targets.spender_share",
    "in1": "targets.wage_bill_share",
    "in2": "targets.wealth_share_by_age",
    "D0": "targets.ai_capex_share",
    "Lsup": "households.efficiency",
    "ibT": "production.depreciation.traditional",
    "ibA": "production.depreciation.ai",
    "phia": "households.leaver_wealth",
    "Un": "production.natural_unemployment",
    "omn": "targets.upkeep.nuclear",
    "omv": "targets.upkeep.renewable",
    "oml": "targets.upkeep.legacy",
    "omG": "targets.grid_upkeep",
}


class SymbolError(ValueError):
    """A symbol that names no number a user may set."""


def resolve(inputs: Inputs, symbol: str, value: Any) -> dict[str, Any]:
    """`{name: number}` for one symbol; a list or mapping sets all labels of a symbol such as `epsN`."""
    names = _names(inputs)
    if symbol in names and not isinstance(value, list | tuple | dict):
        return {names[symbol]: value}
    parts = [s for s in names if s.rpartition("_")[0].rstrip("_") == symbol.rstrip("_")]
    if isinstance(value, dict):
        return {names[_part(symbol, parts, label)]: v for label, v in value.items()}
    if isinstance(value, list | tuple) and len(value) == len(parts) and parts:
        return {names[s]: v for s, v in zip(parts, value, strict=True)}
    stem = symbol if symbol in MOVED_BY else symbol.partition("_")[0]
    if stem in MOVED_BY:
        raise SymbolError(f"parameters.{symbol}: is calibrated, not set; move {_key(MOVED_BY[stem])} instead")
    if parts:
        raise SymbolError(
            f"parameters.{symbol}: has {len(parts)} values; set {', '.join(parts)}, or give a list of {len(parts)}"
        )
    raise SymbolError(f"parameters.{symbol}: no such symbol{_nearest(symbol, names)}")


def _key(name):
    return f"calibration.{name}" if name.startswith("targets.") else f"economy.{name}"


def _names(inputs):
    named = {row.symbol: name for name, row in inputs.parameters.items()}
    return {**{row.symbol: f"targets.{name}" for name, row in inputs.targets.items()}, **named}


def _part(symbol, parts, label):
    for candidate in (f"{symbol}_{label}", f"{symbol}__{label}"):
        if candidate in parts:
            return candidate
    raise SymbolError(
        f"parameters.{symbol}: no label {label!r}; expected one of {', '.join(p.rpartition('_')[2] for p in parts)}"
    )


def _nearest(symbol, names):
    close = difflib.get_close_matches(symbol, names, 1, 0.3)
    return f"; the nearest is {close[0]}" if close else ""
