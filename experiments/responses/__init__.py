"""`python -m experiments.responses instrument=NAME size=X`: impulse responses, linear and nonlinear side by side."""
