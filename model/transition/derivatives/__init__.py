"""Derivatives of solved paths, impulse responses, and laws of shocks along a path."""
