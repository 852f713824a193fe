"""Belief regimes: how the future that people expect differs from the one that comes."""
