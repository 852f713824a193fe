"""Jacobians from the equations, linear systems with them, and derivatives at a root."""
