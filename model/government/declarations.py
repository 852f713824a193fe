"""What the government block is made of: Treasury, taxes, transfers, subsidies and politics."""

import equinox as eqx
from jax import Array

from model.core.axes import SKILL, TECHNOLOGY
from model.core.fields import instrument, parameter, unknown


class Parameters(eqx.Module):
    bond_share: Array = parameter("varpi", "[share of the public debt]")
    debt_target: Array = parameter("Dbar", "[quarterly GDP]")
    debt_response: Array = parameter("phid", "[per quarter]")
    debt_integral_response: Array = parameter("phidi", "[per quarter]")
    base_labour_tax: Array = parameter("taun", "[1]")
    profit_tax: Array = parameter("taupi", "[1]")
    consumption_tax: Array = parameter("tauc", "[1]")
    housing_tax: Array = parameter("tauh", "[per quarter]")
    purchases: Array = parameter("Gov", "[quarterly GDP]")
    general_transfer: Array = parameter("Tl", "[quarterly GDP a head]")
    low_skill_transfer: Array = parameter("trL", "[quarterly GDP a head]")
    replacement_rate: Array = parameter("rep", "[share of wage]")
    pension: Array = parameter("pens_{}", "[share of mean wage]", SKILL)
    childcare_subsidy: Array = parameter("scc", "[share of cost]")
    ai_subsidy: Array = parameter("sA", "[share of cost]")
    ai_support: Array = parameter("phisA", "[subsidy per unit of excess unemployment]")
    political_profit_tax: Array = parameter("psik", "[1]")
    political_transfer: Array = parameter("psitr", "[quarterly GDP a head]")
    political_persistence: Array = parameter("rhoP", "[per quarter]")
    base_spending_ratio: Array = parameter("in1", "[1]")
    base_wealth_ratio: Array = parameter("in2", "[1]")


class Instruments(eqx.Module):
    ai_subsidy: Array = instrument("sA", "[share of the price of AI equipment]", 0.0, high=0.99, spends=True)
    generation_subsidy: Array = instrument("sGas sNuc sVre", "[share of cost]", 0.0, TECHNOLOGY, high=0.99, spends=True)
    grid_subsidy: Array = instrument(
        "sG",
        "[share of cost]",
        0.0,
        high=0.99,
        spends=True,
        note="lowers tariffs (where they are fixed, as in the reference economy, it goes to owners) and builds nothing, which zG does",
    )
    interconnection_subsidy: Array = instrument("sX", "[share of cost]", 0.0, high=0.99, spends=True)
    childcare_subsidy: Array = instrument("scc", "[share of the cost of childcare]", 0.0, high=0.99, spends=True)
    bond_share: Array = instrument("varpi", "[share of public debt]", 0.0)
    purchases: Array = instrument("Gov", "[multiple of purchases]", 1.0, spends=True)
    young_transfer: Array = instrument("trY", "[quarterly GDP a head]", 0.0, spends=True)
    low_skill_transfer: Array = instrument("trL", "[quarterly GDP a head]", 0.0, spends=True)
    general_transfer: Array = instrument("trE", "[quarterly GDP a head]", 0.0, spends=True)
    debt_target: Array = instrument("dtar", "[quarterly GDP]", 0.0)
    politics_switch: Array = instrument("pol", "[multiple of the response of taxes and transfers]", 1.0, spends=True)
    support_switch: Array = instrument("sAon", "[multiple of the response to unemployment]", 1.0, spends=True)


class Variables(eqx.Module):
    public_debt: Array = unknown("Dbt", "[quarterly GDP, market value, end of quarter]", carried=True)
    tax_intercept: Array = unknown("tb", "[1]", carried=True)
    political_pressure: Array = unknown("Pol", "[1]", carried=True)
