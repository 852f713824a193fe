"""`python -m experiments.estimation.actuals`: what happened after a vintage, beside what simple rules and forecasters said then.

Eight series, named before any was compared with a model. Growth is measured without the trend that the model leaves out.
"""

import sys

import numpy as np
import pandas as pd

from calibration.inputs import FOLDER
from experiments.estimation.save import write_rows
from model.core.units import QUARTERS_A_YEAR, quarter_index

DATA, THEN = FOLDER / "data" / "us_quarterly.csv", FOLDER / "vintages" / "forecasts_then.csv"
CUTS = "2023Q4", "2024Q4"
TREND = 1.018  # a year
LINE = 20  # quarters before the cut that the straight line is drawn through
COLUMNS = ("outcome", "label", "quarter", "actual", "trend", "no_change", "forecast", "unit", "source", "note")
BEA, EIA = "Bureau of Economic Analysis", "Energy Information Administration, annual, repeated"


def main():
    """Write a table for every cut."""
    data = pd.read_csv(DATA, index_col="quarter")
    for cut in CUTS:
        path = FOLDER / "vintages" / f"after_{cut.lower()}.csv"
        write_rows(path, COLUMNS, [row for name in SERIES for row in rows_of(name, data, cut)])
        print(path)
    return 0


def rows_of(name, data, cut):
    """Rows of one series, a quarter each, as long as it is known."""
    made, unit, source, note = SERIES[name]
    series = made(data, cut).dropna()
    before, after = series.loc[:cut], series.loc[cut:].iloc[1:]
    line = np.poly1d(np.polyfit(np.arange(-LINE + 1, 1), before.to_numpy()[-LINE:], 1))
    said = forecast_of(name, cut, before.iloc[-1], len(after))
    for k, (quarter, actual) in enumerate(after.items()):
        told = "" if np.isnan(said[k]) else f"{said[k]:.6g}"
        trend, last = f"{line(k + 1):.6g}", f"{before.iloc[-1]:.6g}"
        yield name, "", quarter, f"{actual:.6g}", trend, last, told, unit.format(cut=cut, year=cut[:4]), source, note


def forecast_of(name, cut, last, count):
    """What was published by the cut, `(count,)`: between its points on a line; not a number where nothing was."""
    table = pd.read_csv(THEN)
    table = table[(table.cut == cut) & (table.outcome == name)]
    found, before, start = np.full(count, np.nan), last, 0
    for row in table.itertuples():
        end = quarter_index(row.quarter) - quarter_index(cut)
        for k in range(start, min(end, count)):
            found[k] = _between(row, before, (k + 1 - start) / (end - start), cut)
        before, start = _between(row, before, 1.0, cut), end
    return found


def _between(row, before, share, cut):
    if row.outcome == "gdp_measured":
        return before * ((1 + row.value / 100) / TREND) ** share
    if row.outcome in ("inflation_annual", "ai_capex_share"):
        return row.value
    return before + share * (row.value - before)


def _without_trend(series, cut):
    years = np.array([quarter_index(q) - quarter_index(cut) for q in series.index]) / QUARTERS_A_YEAR
    return series / TREND**years


def _index(series, cut):
    return 100 * series / series[cut]


def _real_price(data, cut):
    price = data.electricity_price_all_sectors_cents_kwh_annual / data.pce_price_2017_100.groupby(_year).transform(
        "mean"
    )
    return _index(price, cut)


def _year(quarter):
    return quarter[:4]


def _capital_spending(data, cut):
    gdp = data.nominal_gdp_bn.groupby(_year).transform("mean")
    return 100 * data.hyperscaler_capex_bn_annual / gdp


def _inflation(data, cut):
    return 100 * ((data.pce_price_2017_100 / data.pce_price_2017_100.shift()) ** QUARTERS_A_YEAR - 1)


def _sales(data, cut):
    sales = data.electricity_sales_twh_annual
    years = np.array([int(q[:4]) - int(cut[:4]) for q in sales.index])
    return _index(sales / TREND**years, cut)


SERIES = {
    "gdp_measured": (
        lambda data, cut: _index(_without_trend(data.real_gdp_bn_2017_dollars, cut), cut),
        "{cut} = 100, without trend", BEA, "real GDP",
    ),
    "consumption": (
        lambda data, cut: _index(_without_trend(data.real_consumption_bn_2017_dollars, cut), cut),
        "{cut} = 100, without trend", BEA, "real personal consumption",
    ),
    "unemployment": (
        lambda data, cut: data.unemployment_percent,
        "% of labour force", "Bureau of Labor Statistics", "mean of months",
    ),
    "inflation_annual": (_inflation, "% a year", BEA, "price index of consumption, quarter on quarter"),
    "policy_rate_annual": (
        lambda data, cut: data.fed_funds_percent,
        "% a year", "Federal Reserve", "effective federal funds rate",
    ),
    "ai_capex_share": (
        _capital_spending,
        "% of GDP", "Securities and Exchange Commission (EDGAR); Bureau of Economic Analysis",
        "five companies, fiscal years, annual, repeated",
    ),
    "electricity": (_sales, "{year} = 100, without trend", EIA, "retail sales"),
    "electricity_price": (_real_price, "{year} = 100, real", EIA, "average of all sectors over consumer prices"),
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
