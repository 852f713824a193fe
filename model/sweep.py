"""Many paths together: a few are solved with a factor of their own, their neighbours borrow it."""

from typing import NamedTuple

import jax
import numpy as np
import scipy.optimize

from model.solve import ECONOMY
from model.solvers.groups import Group, Limits, group_solver
from model.solvers.lanes import lane_of, stacked
from model.solvers.outcome import Code, Outcome, outcome_sentence
from model.solvers.path import PathProblem

COMPANIONS = 32
CANDIDATES = 48  # anchors that are weighed against each other for each group
LIKELY = 0.15  # least chance of success at which borrowing a factor is tried
OWN_COST, KNOWN_COST, TRIAL_COST = 10.0, 4.0, 1.0  # a solve with an own factor, a factorisation, a borrowed solve
CERTAINTY = 3.0  # log odds that a lane can borrow the factor of its twin
FIRST_WEIGHT = 4.0 * CERTAINTY  # a quarter of a coordinate's range is as far as a factor is expected to serve
LIBRARY = 256  # solved lanes that later calls can borrow from
NEIGHBOURS = 24  # solved lanes that a guess is made of
DISTRUST, SMALLEST_DISTANCE = 0.1, 1e-6
GROUPS_A_CALL = 2  # of a device that takes them one after another: more, and they know less of each other's paths
GPU_GROUPS = 64


class Lane(NamedTuple):
    """One path to be solved.

    `coordinates` place it in the sweep, each of the order of one over the sweep's range; `prior` is a path `(T, n)` that
    should lie nearby, such that the differences of two lanes' paths and of their priors are alike.
    """

    coordinates: np.ndarray
    problem: PathProblem
    prior: np.ndarray


class Answer(NamedTuple):
    path: np.ndarray
    code: int
    largest: float  # max |residual|
    position: int  # of it, in the flattened (T, n)
    iterations: int
    factorisations: int

    @property
    def converged(self):
        return int(self.code) == Code.CONVERGED


class Neighbourhood:
    """How far along each coordinate a factor serves: a logistic regression of success on distances, learned on the way.

    A coordinate along which the model is nearly linear turns out to be short.
    """

    def __init__(self, coordinates):
        self.weights = np.full(coordinates, FIRST_WEIGHT)
        self.distances, self.successes = [], []

    def log_odds(self, one, others):
        """That lanes at `others` `(lanes, coordinates)` can borrow the factor of the lane at `one`."""
        return CERTAINTY - np.abs(others - one) @ self.weights

    def interpolation(self, one, others):
        """Weights of lanes at `others` in a guess at `one`: linear where they surround it, the nearest ones where not."""
        apart = (others - one) * self.weights
        penalty = DISTRUST * np.abs(apart).sum(1) ** 2 + SMALLEST_DISTANCE
        weights = np.linalg.solve(apart @ apart.T + np.diag(penalty), np.ones(len(others)))
        return weights / weights.sum()

    def learn(self, distances, successes):
        """Take in what was tried; `distances` `(trials, coordinates)`."""
        self.distances += list(distances)
        self.successes += list(successes)
        if not self.distances or not self.weights.size:
            return
        distances, sign = np.array(self.distances), np.where(self.successes, 1.0, -1.0)

        def surprise(weights):
            odds = sign * (CERTAINTY - distances @ weights)
            prior = weights / FIRST_WEIGHT
            slope = (sign / (1 + np.exp(np.clip(odds, -500, 500)))) @ distances
            return np.logaddexp(0, -odds).sum() + 0.5 * (prior**2).sum(), slope + prior / FIRST_WEIGHT

        bounds = [(0.0, None)] * len(self.weights)
        self.weights = scipy.optimize.minimize(surprise, self.weights, jac=True, bounds=bounds, method="L-BFGS-B").x


def sweep_devices():
    """The devices that lanes are spread over, and how many groups each takes at a time (None: one after another)."""
    devices = tuple(jax.devices())
    return devices, None if devices[0].platform == "cpu" else GPU_GROUPS


def outcome_of_answer(answer, name):
    """Outcome of an answer, in the words of a single solve."""
    quarter, row = divmod(int(answer.position), len(ECONOMY.rows))
    code, worst = Code(int(answer.code)), ECONOMY.rows[row]
    reason = outcome_sentence(code, f"{name}: ", worst, float(answer.largest))
    return Outcome(code, reason, float(answer.largest), worst, quarter, int(answer.iterations))


def solve_lanes(lanes, settings, known=(), neighbourhood=None, say=lambda done, count: None):
    """Answers of the lanes, in order; one that is not `converged` has no path.

    `known` are lanes whose `prior` solves them. `say(done, count)` hears of progress.
    """
    return _Sweep(lanes, settings, known, neighbourhood).run(say) if lanes else []


class _Sweep:
    """Lanes are known by their position; `known` ones follow those to be solved."""

    def __init__(self, lanes, settings, known, neighbourhood):
        self.count, self.settings = len(lanes), settings
        self.priors = [lane.prior for lane in (*lanes, *known)]
        self.places = np.array([lane.coordinates for lane in (*lanes, *known)], float).reshape(len(self.priors), -1)
        self.problems = stacked([lane.problem for lane in (*lanes, *known)])
        self.neighbourhood = neighbourhood or Neighbourhood(self.places.shape[1])
        self.devices, self.width = sweep_devices()
        self.size = len(self.devices) * (self.width or GROUPS_A_CALL)
        self.answers = [None] * self.count
        self.paths = {i: self.priors[i] for i in range(self.count, len(self.priors))}
        self.fresh = set(self.paths)  # solved lanes whose factor nobody has borrowed

    def run(self, say):
        while pending := [i for i, answer in enumerate(self.answers) if answer is None]:
            groups = self._choose(pending)
            self._record(groups, self._solve(groups))
            say(sum(answer is not None for answer in self.answers), self.count)
        return self.answers

    def _choose(self, left):
        """`(anchor, companions)` for every place on the devices: the most lanes that can be expected for the work."""
        groups = []
        while left and len(groups) < self.size:
            candidates = [*left[:: 1 + len(left) // CANDIDATES], *sorted(self.fresh)]
            waiting = np.array(left)
            _, anchor, companions = max((self._promise(c, waiting) for c in candidates), key=lambda promise: promise[0])
            groups.append((anchor, companions))
            self.fresh.discard(anchor)
            left = [i for i in left if i != anchor and i not in set(companions)]
        return groups

    def _promise(self, candidate, waiting):
        """Lanes solved for the work done, if the candidate were an anchor."""
        others = waiting[waiting != candidate]
        chance = 1 / (1 + np.exp(-self._log_odds(candidate, others)))
        order = np.argsort(-chance, kind="stable")[:COMPANIONS]
        order = order[chance[order] > LIKELY]
        own = candidate < self.count
        work = (OWN_COST if own else KNOWN_COST) + TRIAL_COST * len(order)
        return (own + chance[order].sum()) / work, candidate, tuple(others[order])

    def _log_odds(self, one, others):
        return self.neighbourhood.log_odds(self.places[one], self.places[others])

    def _solve(self, groups):
        cheapest = next(iter(self.paths), groups[0][0])  # a solved lane takes one factorisation
        groups = [*groups, *[(cheapest, ())] * (self.size - len(groups))]
        anchors = np.array([anchor for anchor, _ in groups])
        members = np.array([[*companions, *[anchor] * (COMPANIONS - len(companions))] for anchor, companions in groups])
        batch = Group(
            lane_of(self.problems, anchors),
            np.stack([self._guess(anchor) for anchor in anchors]),
            lane_of(self.problems, members),
            np.stack([self._offsets(*group) for group in groups]),
            np.array([len(companions) for _, companions in groups]),
        )
        limits = Limits(np.float64(self.settings.tolerance), np.int64(self.settings.iterations))
        return jax.device_get(group_solver(ECONOMY, self.devices, self.width)(limits, batch))

    def _guess(self, lane):
        if lane in self.paths:
            return self.paths[lane]
        prior = self.priors[lane]
        if not self.paths:
            return prior
        known = np.array(list(self.paths))
        known = known[np.argsort(-self._log_odds(lane, known), kind="stable")[:NEIGHBOURS]]
        shares = self.neighbourhood.interpolation(self.places[lane], self.places[known])
        return prior + sum(w * (self.paths[m] - self.priors[m]) for w, m in zip(shares, known, strict=True))

    def _offsets(self, anchor, companions):
        origin = self._guess(anchor)
        offsets = np.zeros((COMPANIONS, *origin.shape))
        for offset, companion in zip(offsets, companions, strict=False):
            offset += self._guess(companion) - origin
        return offsets

    def _record(self, groups, answers):
        tried, successes = [], []
        for g, (anchor, companions) in enumerate(groups):
            own = Answer(*(field[g] for field in answers.anchor))
            self._keep(anchor, own)
            if not own.converged:
                continue
            for k, companion in enumerate(companions):
                answer = Answer(*(field[g, k] for field in answers.companions))
                tried.append(np.abs(self.places[companion] - self.places[anchor]))
                successes.append(answer.converged)
                if answer.converged:
                    self._keep(companion, answer)
        self.neighbourhood.learn(tried, successes)

    def _keep(self, lane, answer):
        if lane < self.count:
            self.answers[lane] = answer._replace(path=np.array(answer.path))
            if answer.converged:
                self.paths[lane] = self.answers[lane].path


def library(lanes, answers):
    """Lanes that needed a factor of their own, as `known` lanes of a later call: the others could borrow from them."""
    return [
        lane._replace(prior=a.path) for lane, a in zip(lanes, answers, strict=True) if a.converged and a.factorisations
    ]
