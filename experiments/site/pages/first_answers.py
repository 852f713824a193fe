# %% [markdown]
# # In Python: from import to a figure
#
# Each cell runs as it stands; the file is `experiments/site/pages/first_answers.py`, which Jupyter (with jupytext) and editors open
# as a notebook; `.venv/bin/python -m experiments.site.pages.first_answers` runs it.
# One call solves the baseline and any scenarios, and gives every outcome by quarter. It raises where a path has no certificate.

# %%
import matplotlib.pyplot as plt

from model import answers

table = answers("us_2022q4", scenarios=["ai_bust", "gpu_expansion"])
paths = table.columns.levels[0]
print(
    f"{len(table)} quarters from {table.index[0]}, {table['baseline'].shape[1]} series for each of {len(paths)} paths"
)

# %% [markdown]
# Levels of the baseline, with their units. The label is empty for the whole; `baseline["wage"]` has a column a skill:

# %%
baseline = table["baseline"]
for outcome in ("gdp_growth_annual", "unemployment", "labour_share", "ai_capex_share"):
    levels = baseline[outcome, ""].loc[["2026Q4", "2030Q4", "2035Q4"]]
    print(f"{outcome:20} {'  '.join(f'{value:5.1f}' for value in levels)}  [{table.attrs['units'][outcome]}]")

# %% [markdown]
# What an AI bust in 2027Q4, and 50 % more chips from 2026 on, change in real GDP:

# %%
gdp = table.xs("gdp_real", axis=1, level="variable").droplevel("label", axis=1)
change = 100 * (gdp.div(gdp["baseline"], axis=0) - 1).drop(columns="baseline")
print(change.loc[["2026Q4", "2028Q4", "2030Q4", "2035Q4"]].round(2).to_string())

# %% [markdown]
# The same with a number of the economy changed, and a scenario of one's own: a subsidy on connections from 2027 on.

# %%
own = {
    "connections": {
        "changes": [{"instrument": "sX", "operation": "add", "value": 0.25, "from": "2027Q1", "to": "2031Q4"}]
    }
}
moved = answers("us_2022q4", own, values={"energy.interconnection_supply_elasticity": 0.6})
rent = moved.xs("interconnection_rent", axis=1, level="variable").droplevel("label", axis=1)
print(rent.loc[["2026Q4", "2028Q4", "2030Q4"]].round(1).to_string())

# %% [markdown]
# A figure:

# %%
figure, axis = plt.subplots(figsize=(8, 3.2), layout="constrained")
for name, words in {"ai_bust": "AI bust", "gpu_expansion": "more chips"}.items():
    shown = change[name].loc["2026Q1":"2040Q4"]
    axis.plot(range(len(shown)), shown, label=words)
    axis.annotate(words, (len(shown) - 1, shown.iloc[-1]), xytext=(5, 0), textcoords="offset points", va="center")
axis.axhline(0, color="grey", linewidth=0.8)
axis.set_xticks(range(0, 60, 12), [str(2026 + 3 * k) for k in range(5)])
axis.set_title("Real GDP, % from the baseline", loc="left")
axis.spines[["top", "right"]].set_visible(False)
