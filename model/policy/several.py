"""One policy for several economies: the least mean of their losses, or the least of the worst of them."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from model.compute.side_by_side import side_by_side
from model.core.types import Real
from model.policy.finish import Optimum, finish
from model.policy.task import Task, Trial


class Several:
    """`task.Task` of tasks with the same controls, each loss over its `floor`; the limits of each hold.

    For the worst of them a further control is the ceiling of all losses, and the loss, and each loss is a limit; `ceiling` is
    a usual size of it.
    """

    def __init__(self, tasks: Sequence[Task], floor: Float[np.ndarray, "tasks"], ceiling: float | None = None):
        self._tasks, self._floor, self._worst = list(tasks), floor, ceiling is not None
        ends = tuple(getattr(tasks[0], end) for end in ("low", "high", "scale"))
        if ceiling is not None:
            ends = tuple(np.append(end, more) for end, more in zip(ends, (-np.inf, np.inf, ceiling), strict=True))
        self.low, self.high, self.scale = ends

    def trials(self, points: Sequence[Real] | Float[np.ndarray, "points controls"]) -> list[Trial]:
        """As `task.Task.trials`."""
        count = len(self._tasks[0].scale)
        tried = np.array([p[:count] for p in points])
        own = list(side_by_side(lambda task: task.trials(tried), self._tasks))
        return [self._joined(np.asarray(p, float), [of[i] for of in own]) for i, p in enumerate(points)]

    def _joined(self, point, own):
        criteria = np.array([trial.criteria for trial in own])
        losses, limits = criteria[:, 0] - self._floor, criteria[:, 1:].ravel()
        if self._worst:
            return Trial(point, np.concatenate([point[-1:], losses - point[-1], limits]), own)
        return Trial(point, np.append(losses.mean(), limits), own)

    def slopes(self, trial: Trial) -> Float[np.ndarray, "criteria controls"]:
        """As `task.Task.slopes`."""
        parts = list(zip(self._tasks, trial.held, strict=True))
        own = np.array(list(side_by_side(lambda part: part[0].slopes(part[1]), parts)))
        limits = own[:, 1:].reshape(-1, own.shape[2])
        if not self._worst:
            return np.vstack([own[:, 0].mean(0), limits])
        losses = np.hstack([own[:, 0], -np.ones((len(own), 1))])
        limits = np.hstack([limits, np.zeros((len(limits), 1))])
        return np.vstack([np.append(np.zeros(own.shape[2]), 1.0), losses, limits])

    def curvatures(
        self, own: Sequence[Float[np.ndarray, "criteria controls controls"]]
    ) -> Float[np.ndarray, "all_criteria all_controls all_controls"]:
        """Second derivatives by usual changes of this task's criteria, from those of each task."""
        found = np.array(own)
        limits = found[:, 1:].reshape(-1, *found.shape[2:])
        if not self._worst:
            return np.concatenate([found[:, 0].mean(0)[None], limits])
        bent = np.concatenate([np.zeros_like(found[0, :1]), found[:, 0], limits])  # the ceiling is straight
        return np.pad(bent, ((0, 0), (0, 1), (0, 1)))

    def start(self, point: Float[np.ndarray, "controls"]) -> Trial:
        """A trial at values of the tasks' controls."""
        if not self._worst:
            return self.trials([point])[0]
        own = list(side_by_side(lambda task: task.trials(point[None])[0], self._tasks))
        ceiling = max(trial.criteria[0] - floor for trial, floor in zip(own, self._floor, strict=True))
        return self._joined(np.append(point, ceiling), own)


def together(
    task: Several,
    point: Float[np.ndarray, "controls"],
    own: Sequence[Float[np.ndarray, "criteria controls controls"]] = (),
    say: Callable[[str], None] = lambda line: None,
) -> Optimum:
    """The best for all from a point nearby, begun with the curvatures of each task's `own` best; raises finish.NoAnswer."""
    return finish(task, task.start(point), task.curvatures(own) if own else None, say=say)
