"""Many paths together: a few are solved with a factor of their own, their neighbours borrow it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np
from jaxtyping import Float

from model.equilibrium.economy import Economy
from model.solvers.batch.groups import Group, Limits, group_solver, in_rows
from model.solvers.batch.kriging import Kriging
from model.solvers.batch.lanes import lane_of, over_lanes, stacked
from model.solvers.batch.neighbourhood import Neighbourhood
from model.solvers.batch.shared_factor import SLOTS
from model.solvers.outcome import Code, Outcome, outcome_sentence
from model.solvers.path import PathProblem
from model.transition.lower_bound import led_to_lower_bound
from model.transition.solutions import Settings

MOST_STEPS = 40  # of a path: what needs more is sooner solved alone, with more patience
COMPANIONS = 32
ATTEMPTS = 2  # with a borrowed factor, before a lane gets one of its own
WORTH_KEEPING = 0.1  # of the first residual: a path that a borrowed factor has brought so far is gone on from
CANDIDATES = 48  # anchors that are weighed against each other for each group
LIKELY = 0.15  # least chance of success at which borrowing a factor is tried
OWN_COST, KNOWN_COST, TRIAL_COST = 10.0, 4.0, 1.0  # a solve with an own factor, a factorisation, a borrowed solve
LIBRARY = 256  # solved lanes whose factors later calls can borrow
REMEMBERED = 2048  # solved lanes that guesses are made of
NEIGHBOURS = 24  # of them in one guess
SAMPLED = 6  # every so many quarters tell how paths change
GROUPS_A_CALL = 1  # of a device that takes them one after another: more, and they know less of each other's paths
GPU_GROUPS = 64


class Lane(NamedTuple):
    """One path to be solved.

    `coordinates` place it in the sweep, each of the order of one over the sweep's range; `prior` is a path that should
    lie nearby, such that the differences of two lanes' paths and of their priors are alike.
    """

    coordinates: Float[np.ndarray, "coordinates"]
    problem: PathProblem
    prior: Float[np.ndarray, "quarters unknowns"]


class Answer(NamedTuple):
    path: Float[np.ndarray, "quarters unknowns"]
    code: int | np.integer
    first: float  # max |residual| at the guess
    largest: float  # max |residual|
    position: int | np.integer  # of it, in the flattened (T, n)
    iterations: int | np.integer
    factorisations: int | np.integer

    @property
    def converged(self) -> bool:
        return int(self.code) == Code.CONVERGED


class Memory:
    """What solving lanes has taught, for lanes to come with the same `coordinates` coordinates.

    How far factors serve, how paths change from their priors, and solved lanes whose factors others can borrow.
    """

    def __init__(self, coordinates: int):
        self.neighbourhood, self.kriging = Neighbourhood(coordinates), Kriging(coordinates)
        self.library: list[tuple[Lane, np.ndarray]] = []
        self.places, self.changes = np.zeros((0, coordinates)), []
        self._pupils = 0

    def add(self, lane: Lane, path: Float[np.ndarray, "quarters unknowns"]) -> None:
        """A solved lane, for guesses."""
        self.places = np.vstack([self.places, lane.coordinates])[-REMEMBERED:]
        self.changes = [*self.changes, (path - lane.prior).astype(np.float32)][-REMEMBERED:]

    def learn(self) -> None:
        """Look again at how paths change where half as many again are known."""
        if len(self.places) > 1.5 * self._pupils + 2:
            self._pupils = len(self.places)
            self.kriging.learn(self.places, [change[::SAMPLED].ravel() for change in self.changes])


def sweep_devices() -> tuple[tuple[Any, ...], int | None]:
    """The devices that lanes are spread over, and how many groups each takes at a time (None: one after another)."""
    devices = tuple(jax.devices())
    return devices, None if devices[0].platform == "cpu" else GPU_GROUPS


def on_all_devices(made: Callable[[tuple[Any, ...], int | None], Any], shared: Any, lanes: Sequence[Any]) -> list[Any]:
    """`lanes.over_lanes` of the program `made(devices, width)` for the devices of the sweep."""
    devices, width = sweep_devices()
    return over_lanes(made(devices, width), shared, lanes, devices, width) if lanes else []


def groups_at_once() -> int:
    """Groups of one call on all devices."""
    devices, width = sweep_devices()
    return len(devices) * (width or GROUPS_A_CALL)


def outcome_of_answer(economy: Economy, answer: Answer, name: str) -> Outcome:
    """Outcome of an answer, in the words of a single solve."""
    quarter, row = divmod(int(answer.position), len(economy.rows))
    code, worst = Code(int(answer.code)), economy.rows[row]
    reason = outcome_sentence(code, f"{name}: ", worst, float(answer.largest))
    return Outcome(code, reason, float(answer.largest), worst, quarter, int(answer.iterations))


def solve_lanes(
    economy: Economy,
    lanes: Sequence[Lane],
    settings: Settings,
    memory: Memory,
    known: Sequence[tuple[Lane, np.ndarray]] = (),
    say: Callable[[int, int], None] = lambda done, count: None,
) -> list[Answer]:
    """Answers of the lanes, in order; one that is not `converged` has no path.

    `memory` grows. `known` are solved lanes, `(lane, path)`: guesses remember them, their factors serve this call alone.
    `say(done, count)` hears of progress.
    """
    return _Sweep(economy, lanes, settings, memory, known).run(say) if lanes else []


class _Sweep:
    """Lanes are known by their position; solved ones, whose factors can be borrowed, follow those to be solved."""

    def __init__(self, economy, lanes, settings, memory, known):
        self.economy = economy
        self.lanes, self.settings, self.memory = lanes, settings, memory
        self.count = len(lanes)
        anchors = [*memory.library, *known]
        everyone = [*lanes, *(lane for lane, _ in anchors)]
        self.places = np.array([lane.coordinates for lane in everyone], float).reshape(len(everyone), -1)
        self.problems = stacked([lane.problem for lane in everyone])
        self.rows = in_rows(self.problems)
        self.devices, self.width = sweep_devices()
        self.size = groups_at_once()
        self.answers: list[Answer | None] = [None] * self.count
        self.paths = {self.count + k: path for k, (_, path) in enumerate(anchors)}
        self.open = set(self.paths)  # solved lanes whose factor has not been offered to all that may borrow it
        self.tried: dict[int, set[int]] = {}  # by the lane whose factor it was
        self.failures = np.zeros(len(everyone), int)  # of borrowed factors, by lane
        self.reached: dict[int, np.ndarray] = {}  # where a borrowed factor has led a lane that it did not solve
        self.astray: set[int] = set()  # lanes at whose guess some equation has no value
        for lane, path in known:
            if not (memory.places == lane.coordinates).all(1).any():
                memory.add(lane, path)

    def run(self, say):
        while pending := [i for i, answer in enumerate(self.answers) if answer is None]:
            groups = self._choose(pending)
            self._record(groups, self._solve(groups))
            say(sum(answer is not None for answer in self.answers), self.count)
        answers = [answer for answer in self.answers if answer is not None]
        own = [(self.lanes[i], a.path) for i, a in enumerate(answers) if a.converged and a.factorisations]
        self.memory.library = [*self.memory.library, *own][-LIBRARY:]
        return answers

    def _choose(self, left):
        """`(anchor, companions)` for every place on the devices: the most lanes that can be expected for the work."""
        groups = []
        most = min(COMPANIONS, max(SLOTS, -(-len(left) // self.size)))
        while left and len(groups) < self.size:
            candidates = [*left[:: 1 + len(left) // CANDIDATES], *sorted(self.open)]
            waiting = np.array(left)
            _, anchor, companions = max(
                (self._promise(c, waiting, most) for c in candidates), key=lambda promise: promise[0]
            )
            groups.append((anchor, companions))
            self.tried[anchor] = self.tried.get(anchor, set()).union(companions)
            if len(companions) < most:
                self.open.discard(anchor)
            taken = {anchor, *companions}
            left = [i for i in left if i not in taken]
        return groups

    def _promise(self, candidate, waiting, most):
        """Lanes solved for the work done, if the candidate were an anchor with at most so many companions."""
        eager = waiting[self.failures[waiting] < ATTEMPTS]
        others = eager[~np.isin(eager, [candidate, *self.tried.get(candidate, ())])]
        chance = 1 / (1 + np.exp(-self.memory.neighbourhood.log_odds(self.places[candidate], self.places[others])))
        order = np.argsort(-chance, kind="stable")[:most]
        order = order[chance[order] > LIKELY]
        own = candidate < self.count
        work = (OWN_COST if own else KNOWN_COST) + TRIAL_COST * len(order)
        return (own + chance[order].sum()) / work, candidate, tuple(others[order])

    def _solve(self, groups):
        cheapest = next(iter(self.paths), groups[0][0])  # a solved lane takes one factorisation
        groups = [*groups, *[(cheapest, ())] * (self.size - len(groups))]
        anchors = np.array([anchor for anchor, _ in groups])
        members = np.array([[*companions, *[anchor] * (COMPANIONS - len(companions))] for anchor, companions in groups])
        guesses, offsets, shares = zip(*(self._guesses(*group) for group in groups), strict=True)
        batch = Group(
            lane_of(self.problems, anchors),
            np.stack(guesses),
            self.rows[members],
            np.stack(offsets),
            np.stack(shares),
            np.array([len(companions) for _, companions in groups]),
        )
        steps = min(self.settings.iterations, MOST_STEPS)
        limits = Limits(np.float64(self.settings.tolerance), np.int64(steps))
        return jax.device_get(group_solver(self.economy, self.devices, self.width)(limits, batch))

    def _guesses(self, anchor, companions):
        """A guess of the anchor; and for its companions what to add to which share of its path, once that is known."""
        solved = anchor in self.paths
        guess = self.paths[anchor] if solved else self._guess(anchor)[0]
        offsets, shares = np.zeros((COMPANIONS, *guess.shape)), np.zeros(COMPANIONS)
        for k, companion in enumerate(companions):
            offsets[k], shares[k] = self._guess(companion, () if solved else (anchor,))
        return guess, offsets, shares

    def _guess(self, lane, anchor=()):
        """A guess, and the share that the path of an `anchor` not yet known is to have on top of it."""
        if lane in self.reached:
            return self.reached[lane], 0.0
        memory, one, prior = self.memory, self.places[lane], self.lanes[lane].prior
        known = np.vstack([memory.places, self.places[list(anchor)]])
        if lane in self.astray or not len(known):
            return prior, 0.0
        near = memory.kriging.nearest(one, known, NEIGHBOURS)
        guess, share = prior.copy(), 0.0
        for weight, k in zip(memory.kriging.weights(one, known[near]), near, strict=True):
            if k < len(memory.changes):
                guess += weight * memory.changes[k]
            else:
                guess, share = guess - weight * self.lanes[anchor[0]].prior, weight
        return guess, share

    def _record(self, groups, answers):
        tried, successes = [], []
        for g, (anchor, companions) in enumerate(groups):
            own = self._credible(anchor, Answer(*(field[g] for field in answers.anchor)))
            if self._goes_astray(anchor, own):
                self.astray.add(anchor)  # and tried again from its prior
                continue
            self._keep(anchor, own)
            if not own.converged:
                continue
            for k, companion in enumerate(companions):
                answer = self._credible(companion, Answer(*(field[g, k] for field in answers.companions)))
                tried.append(np.abs(self.places[companion] - self.places[anchor]))
                successes.append(answer.converged)
                self.failures[companion] += not answer.converged
                if answer.converged:
                    self._keep(companion, answer)
                elif int(answer.code) == Code.OUT_OF_STEPS and answer.largest < WORTH_KEEPING * answer.first:
                    self.reached[companion] = np.array(answer.path)
        self.memory.neighbourhood.learn(tried, successes)
        self.memory.learn()

    def _goes_astray(self, lane, answer):
        valueless = int(answer.code) == Code.NOT_FINITE and not answer.iterations
        return lane < self.count and lane not in self.astray and valueless

    def _credible(self, lane, answer):
        """The answer, unsolved if it is at the lower bound where its prior is not: a single solve tells whether it belongs there."""
        if lane >= self.count or not answer.converged:
            return answer
        prior, parameters = self.lanes[lane].prior, self.lanes[lane].problem.parameters
        trapped = led_to_lower_bound(self.economy, parameters, answer.path, prior)
        return answer._replace(code=Code.RUNNING) if trapped else answer

    def _keep(self, lane, answer):
        if lane < self.count:
            self.answers[lane] = kept = answer._replace(path=np.array(answer.path))
            if answer.converged:
                self.paths[lane] = kept.path
                self.memory.add(self.lanes[lane], answer.path)
