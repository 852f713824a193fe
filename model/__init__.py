"""A two-sector economy of AI capital and labour with energy as a binding input, and the solvers for it."""

from model.compute.environment import prepare_environment

prepare_environment()
