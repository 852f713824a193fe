"""All cases, by subject, in the order they are printed."""

from experiments.verify import (
    borrowing,
    complementarity,
    conservation,
    growth,
    households,
    independent,
    linear,
    markets,
    money,
    new_keynesian,
    portfolio,
    production,
    refusals,
)

GROUPS = {
    "Optimal growth": growth.CASES,
    "New Keynesian": new_keynesian.CASES,
    "Borrowing bound": borrowing.CASES,
    "Complementarity": complementarity.CASES,
    "Production": production.CASES,
    "Households": households.CASES,
    "Portfolios": portfolio.CASES,
    "Money": money.CASES,
    "Markets and plumbing": markets.CASES,
    "Linear algebra": linear.CASES,
    "Refusals": refusals.CASES,
    "Initial steady state": independent.CASES,
    "Conservation": conservation.CASES,
}
