"""Tax rates, subsidies and benefits of the quarter."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Float

from model.core.axes import AGE, SKILL
from model.core.formulas import smooth_plus
from model.core.types import Real, Scalar
from model.government.declarations import Instruments, Parameters, Variables


class Subsidies(NamedTuple):
    """Shares of costs that the public pays."""

    ai: Real  # [share of the cost of AI equipment]
    generation: Real  # [share of cost] (technology,)
    grid: Real  # [share of cost]
    interconnection: Real  # [share of cost]
    childcare: Real  # [share of cost]


class FiscalPolicy(NamedTuple):
    labour_tax: Real  # [1]
    profit_tax: Real  # [1]
    debt_gap: Real  # [quarters of GDP over target]
    subsidies: Subsidies
    bond_share: Real  # [share of the public debt]
    scale: Real  # [output relative to base], by which levels of spending move
    purchases: Real  # [quarterly GDP]


class Benefits(NamedTuple):
    unemployment: Real  # [quarterly GDP a head] (age, skill)
    pension: Real  # [quarterly GDP a head] (age, skill)
    transfer: Real  # [quarterly GDP a head] (age, skill)

    @property
    def by_group(self) -> Float[Real, "... group"]:
        return (self.unemployment + self.pension + self.transfer).ravel()


def bond_share(p: Parameters, e: Instruments) -> Float[Real, ""]:
    """Coupon bonds as a share of the consolidated debt held by the public."""
    return p.bond_share + e.bond_share


def fiscal_policy(
    p: Parameters,
    e: Instruments,
    lag: Variables,
    x: Variables,
    lag_output: Scalar,
    output: Float[Real, ""],
    base_output: Scalar,
    excess_unemployment: Scalar,
    smoothing: Scalar,
) -> FiscalPolicy:
    """Fiscal rule on last quarter's debt, politics on profits, support for AI when unemployment is above normal."""
    dgap = lag.public_debt / lag_output - (p.debt_target + e.debt_target) / base_output
    support = e.support_switch * p.ai_support * smooth_plus(excess_unemployment, smoothing)
    scale = output / base_output
    return FiscalPolicy(
        labour_tax=lag.tax_intercept + p.debt_response * dgap,
        profit_tax=p.profit_tax + p.political_profit_tax * e.politics_switch * x.political_pressure,
        debt_gap=dgap,
        subsidies=Subsidies(
            ai=p.ai_subsidy + e.ai_subsidy + support,
            generation=e.generation_subsidy,
            grid=e.grid_subsidy,
            interconnection=e.interconnection_subsidy,
            childcare=p.childcare_subsidy + e.childcare_subsidy,
        ),
        bond_share=bond_share(p, e),
        scale=scale,
        purchases=p.purchases * e.purchases * scale,
    )


def benefits(
    p: Parameters,
    e: Instruments,
    x: Variables,
    scale: Scalar,
    full_time_wage: Float[Real, "working_age skill"],
    unemployment: Float[Real, "skill"],
    mean_wage: Scalar,
) -> Benefits:
    """Benefits a head by age and skill; `full_time_wage` is the wage times efficiency, `(working age, skill)`."""
    zero = jnp.zeros((1, len(SKILL)))
    unemployed = jnp.concatenate([p.replacement_rate * full_time_wage * unemployment, zero])
    pension = jnp.zeros((len(AGE), len(SKILL))).at[AGE.index("O")].set(p.pension * mean_wage)
    low = p.low_skill_transfer + e.low_skill_transfer + p.political_transfer * e.politics_switch * x.political_pressure
    targeted = jnp.zeros((len(AGE), len(SKILL)))
    targeted = targeted.at[: AGE.index("O"), SKILL.index("L")].add(low).at[AGE.index("Y")].add(e.young_transfer)
    return Benefits(unemployed, pension, scale * (p.general_transfer + e.general_transfer + targeted))
