"""The belief regimes by name."""

from model.transition.beliefs.crash_wedge import CrashWedge
from model.transition.beliefs.one_view import Extrapolative, PerfectForesight, Surprise
from model.transition.beliefs.regime import Regime
from model.transition.beliefs.sequential import Sequential
from model.transition.beliefs.slow_learning import SlowLearning

REGIMES: dict[str, type[Regime]] = {
    regime.kind: regime for regime in (Surprise, PerfectForesight, Sequential, SlowLearning, Extrapolative, CrashWedge)
}
