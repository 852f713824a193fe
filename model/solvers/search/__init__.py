"""Newton's method and what it takes its steps with, and least squares under nonlinear equations."""
