"""`python -m experiments.contributions scenarios=[NAME]`: what each component of a scenario contributes, by Shapley value."""
