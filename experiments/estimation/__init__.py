"""The calibration command: estimates, posterior draws, tests against the past, and what each says in tables and figures."""
