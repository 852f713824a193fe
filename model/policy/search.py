"""The search for a best policy from many starts, all of whose paths are solved together: projected quasi-Newton steps of optax.

Limits count as an augmented Lagrangian (Nocedal and Wright, 2006, ch. 17). It need not end exactly: `finish` does that.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Float
from scipy.stats import qmc

from model.compute.side_by_side import side_by_side
from model.policy.finish import Endless, Incompatible, NoAnswer, Optimum, finish
from model.policy.task import Task, Trial

STEPS, SHORTER = 3, 2
LONGEST = 0.3  # usual changes of a step
MEMORY = 6
NEARER = 6  # times that a point without a solution is replaced by one half as far from the first one
SAME = 0.02  # usual changes between ends of one search
PENALTY = 10.0


class Found(NamedTuple):
    """The best of all searches, and how many of them ended there."""

    best: Optimum
    starts: int
    agree: int


def best_policy(
    task: Task, origin: Float[np.ndarray, "controls"], starts: int, say: Callable[[str], None] = lambda line: None
) -> Found:
    """`Found` from `starts` starting points, the `origin` among them where it is solved; raises finish.NoAnswer."""
    begun = _begun(task, origin, starts, say)
    ends = descend(task, begun, say) if len(begun) > 1 else [(trial, None) for trial in begun]
    found, curvatures, failure = _Ends(task), None, None
    for group in _groups(task, ends):
        try:
            optimum = finish(task, group[0][0], curvatures, group[0][1], say, found.near)
        except Incompatible as reason:  # other starts may find a way
            failure = reason
            continue
        except Endless as reason:
            if reason.loss < found.least:
                raise
            continue
        curvatures = optimum.curvatures
        found.add(optimum, len(group))
        say(f"search: {found.count} of {len(begun)} starts at their end, {optimum.steps} steps")
    if failure is not None and not found.count:
        raise failure
    return found.best(len(begun))


class _Ends:
    """Ends of searches; one that comes near an optimum that another has found ends there too."""

    def __init__(self, task):
        self.task, self.optima, self.sizes = task, [], []

    @property
    def count(self):
        return sum(self.sizes)

    @property
    def least(self):
        """The least loss so far."""
        return min((optimum.trial.criteria[0] for optimum in self.optima), default=np.inf)

    def near(self, trial):
        """Is a trial near an optimum that meets its conditions?"""
        home = self._home(trial)
        return home is not None and self.optima[home].conditions.met

    def _home(self, trial):
        close = [k for k, found in enumerate(self.optima) if _apart(self.task, found.trial, trial) < SAME]
        return min(close, key=self._rank, default=None)

    def _rank(self, k):
        return not self.optima[k].conditions.met, self.optima[k].trial.criteria[0]

    def add(self, optimum, size):
        home = self._home(optimum.trial)
        if home is None:
            self.optima.append(optimum)
            self.sizes.append(size)
        else:
            self.sizes[home] += size
            if optimum.conditions.met and not self.optima[home].conditions.met:
                self.optima[home] = optimum

    def best(self, starts):
        k = min(range(len(self.optima)), key=self._rank)
        return Found(self.optima[k], starts, self.sizes[k])


def _begun(task, origin, count, say):
    """Solved trials to begin with, nearer to the first and on its other side where there is none; raises NoAnswer."""
    (first,) = task.trials(origin[None])
    if not first.solved:
        around = [trial for trial in task.trials(_spread(task, origin, count)) if trial.solved]
        if not around:
            raise NoAnswer("the economy is solved neither where the search begins nor at any point tried around it")
        first = around[0]
    begun, missing = [first], starting_points(task, first, count)[1:]
    for _ in range(NEARER):
        if not len(missing):
            break
        trials = task.trials(missing)
        begun += [trial for trial in trials if trial.solved]
        say(f"search: {len(begun)} of {count} starts solved")
        other = [first.point - (trial.point - first.point) / 2 for trial in trials if not trial.solved]
        missing = np.clip(other, task.low, task.high) if other else other
    return begun


def starting_points(task: Task, first: Trial, count: int) -> Float[np.ndarray, "count controls"]:
    """The first trial's point, and others drawn toward it until limits are kept to first order."""
    origin, slopes = first.point, task.slopes(first)
    found = [origin]
    for moved in _spread(task, origin, count - 1) - origin:
        rise = slopes[1:] @ moved
        room = np.where(rise > 0, np.maximum(-first.criteria[1:], 0.0) / np.where(rise > 0, rise, 1.0), np.inf)
        found.append(origin + min(1.0, room.min(initial=1.0)) * moved)
    return np.array(found)


def _spread(task, origin, count):
    """Points `(count, controls)`, evenly spread (Sobol, 1967): half over all that bounds allow, half a usual change around."""
    if count < 1:
        return np.zeros((0, len(origin)))
    drawn = qmc.Sobol(len(origin), rng=np.random.default_rng(0)).random_base2(int(np.ceil(np.log2(count))))[:count]
    low, high = np.maximum(task.low, origin - task.scale), np.minimum(task.high, origin + task.scale)
    lowest, highest = np.where(np.isfinite(task.low), task.low, low), np.where(np.isfinite(task.high), task.high, high)
    wide = (2 * np.arange(count) < count)[:, None]
    return np.where(wide, lowest + drawn * (highest - lowest), low + drawn * (high - low))


def descend(
    task: Task, begun: Sequence[Trial], say: Callable[[str], None]
) -> list[tuple[Trial, Float[np.ndarray, "criteria controls"]]]:
    """Where searches from solved trials are after some steps, with the slopes there."""
    low, high = ((end - begun[0].point) / task.scale for end in (task.low, task.high))
    optimizer = optax.chain(optax.scale_by_lbfgs(memory_size=MEMORY), optax.scale(-1.0))
    update, project = jax.vmap(optimizer.update), jax.vmap(lambda z: optax.projections.projection_box(z, low, high))
    slopes = np.array(list(side_by_side(task.slopes, begun))) * task.scale
    steep = max(np.abs(slopes[:, 0]).max(), np.finfo(float).tiny)
    reach = np.abs(slopes[:, 1:]).max((0, 2), initial=0.0)
    reach = np.where(reach > 0, reach, np.inf)  # a limit that nothing moves pulls nowhere
    priced, here = np.zeros((len(begun), len(reach))), list(begun)

    def merit(trial, price):
        excess = np.maximum(0.0, price + PENALTY * trial.criteria[1:] / reach)
        return trial.criteria[0] / steep + (excess**2 - price**2).sum() / (2 * PENALTY)

    def pulls(trial, slope, price):
        excess = np.maximum(0.0, price + PENALTY * trial.criteria[1:] / reach)
        return slope[0] / steep + excess @ (slope[1:] / reach[:, None])

    z = jnp.array([(trial.point - begun[0].point) / task.scale for trial in begun])
    state = jax.vmap(optimizer.init)(z)
    for step in range(STEPS):
        gradients = np.array([pulls(*given) for given in zip(here, slopes, priced, strict=True)])
        updates, state = update(jnp.asarray(gradients), state, z)
        moves = jnp.asarray(cast(Any, updates))
        size = jnp.abs(moves).max(1, keepdims=True)
        moves = moves * jnp.minimum(1.0, LONGEST / jnp.maximum(size, LONGEST / 10))
        waiting = list(range(len(here)))
        for k in range(SHORTER):
            tried = np.asarray(project(z + moves / 4**k))
            trials = task.trials(begun[0].point + tried[waiting] * task.scale)
            kept = {
                i: t
                for i, t in zip(waiting, trials, strict=True)
                if t.solved and merit(t, priced[i]) < merit(here[i], priced[i])
            }
            for (i, trial), slope in zip(kept.items(), side_by_side(task.slopes, kept.values()), strict=True):
                here[i], z = trial, z.at[i].set(tried[i])
                slopes[i] = slope * task.scale
            waiting = [i for i in waiting if i not in kept]
            if not waiting:
                break
        priced = np.maximum(0.0, priced + PENALTY * np.array([t.criteria[1:] / reach for t in here]))
        say(f"search: step {step + 1} of {STEPS}, {len(here) - len(waiting)} of {len(here)} starts went on")
        if len(waiting) == len(here):
            break
    return [(trial, slope / task.scale) for trial, slope in zip(here, slopes, strict=True)]


def _groups(task, ends):
    """Ends of searches by where they are, the best of each group first."""
    groups = []
    for end in sorted(ends, key=lambda end: _merit(task, end[0])):
        home = next((g for g in groups if _apart(task, g[0][0], end[0]) < SAME), None)
        (home.append(end) if home else groups.append([end]))
    return groups


def _merit(task, trial):
    return trial.criteria[0] + 1e3 * np.maximum(trial.criteria[1:], 0.0).sum()


def _apart(task, one, other):
    return np.abs((one.point - other.point) / task.scale).max()
