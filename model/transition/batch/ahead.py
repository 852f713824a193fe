"""Programs that take long to compile, begun before what they need is known: of their arguments only the shapes matter."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from model.core.fields import ByName
from model.equilibrium.economy import Economy
from model.equilibrium.outcomes.report import reporter
from model.solvers.batch.groups import Group, Limits, group_solver, in_rows
from model.solvers.batch.lanes import stacked
from model.solvers.first_order.saddle_path import SaddlePath
from model.solvers.path import PathProblem, no_factor, path_solver
from model.solvers.steady_state import AtRest
from model.transition.batch.sweep import COMPANIONS, groups_at_once, sweep_devices
from model.transition.solutions import LongRun, Settings, path_problem


def path_ahead(economy: Economy, parameters: ByName, initial: ByName, settings: Settings) -> None:
    """Begin to make the program that solves a path of an economy, as `model.transition.solve.solve_baseline` takes it."""
    problem, path, _ = blank(economy, parameters, initial, settings)
    known = no_factor(economy, settings.horizon)
    path_solver(economy).ahead(problem, path, known, settings.tolerance, settings.iterations)


def report_ahead(economy: Economy, parameters: ByName, initial: ByName, settings: Settings) -> None:
    """Begin to make the programs that solve a path and report on it."""
    path_ahead(economy, parameters, initial, settings)
    problem, path, x0 = blank(economy, parameters, initial, settings)
    reporter(economy).ahead(problem, path, x0, jnp.asarray(economy.at_rest))


def sweep_ahead(economy: Economy, parameters: ByName, initial: ByName, settings: Settings) -> None:
    """Begin to make the programs that solve a path and many paths together."""
    path_ahead(economy, parameters, initial, settings)
    problem, path, _ = blank(economy, parameters, initial, settings)
    devices, width = sweep_devices()
    companions = in_rows(stacked([problem] * COMPANIONS))
    group = Group(problem, path, companions, stacked([path] * COMPANIONS), np.zeros(COMPANIONS), np.array(0))
    limits = Limits(np.float64(settings.tolerance), np.int64(settings.iterations))
    group_solver(economy, devices, width).ahead(limits, stacked([group] * groups_at_once()))


def sweep_in_making(economy: Economy) -> bool:
    """Is the program that solves many paths together still being made?"""
    return group_solver(economy, *sweep_devices()).in_making


def blank(
    economy: Economy, parameters: ByName, initial: ByName, settings: Settings
) -> tuple[PathProblem, Float[Array, "quarters unknowns"], Float[Array, "unknowns"]]:
    """A problem without content, a path of zeros and the initial steady state, of the shapes that the economy's have."""
    x0 = np.asarray(economy.variables.pack(initial))
    path, rule = np.zeros((settings.horizon, len(x0))), np.zeros((len(x0), len(economy.carried)))
    rest = AtRest(jnp.asarray(x0), jnp.asarray(economy.at_rest))
    exogenous = np.zeros((settings.horizon + 2, len(economy.at_rest)))
    long_run = LongRun(rest, SaddlePath(rule, 0, 0, 0.0, 0.0))
    problem = path_problem(parameters, x0[economy.carried], exogenous, long_run, settings)
    return problem, jnp.asarray(path), jnp.asarray(x0)
