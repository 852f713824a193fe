"""Shocks read from quarterly data: what is observed, the state space, and the estimate of persistences and sizes."""
