"""What is saved of an estimate is the economy that was estimated."""

from types import SimpleNamespace as Of

import numpy as np

from calibration import inputs as calibration_inputs
from calibration.inputs import load_inputs
from experiments.estimation import save as saving

MARKUP, HABIT, TARGET = "production.markup.ai", "households.habit", "targets.ai_capex_share"


def test_numbers_given_beside_the_estimate_are_saved_too(tmp_path, monkeypatch):
    inputs = load_inputs(name="us_2022q4").with_values({HABIT: 0.3, TARGET: 0.007, MARKUP: 1.5})
    estimation = Of(
        inputs=inputs,
        estimated=[Of(name=MARKUP, spread=0.1)],
        assumed=[],
        names=[MARKUP],
        values=lambda u: {MARKUP: 1.1},
    )
    monkeypatch.setattr(saving, "SETS", tmp_path)
    saving.save("mine", estimation, Of(u=np.zeros(1)), Of(covariance=np.eye(1)), None)
    monkeypatch.setattr(calibration_inputs, "SETS", tmp_path)
    saved = load_inputs(name="mine")
    assert [saved.value(name) for name in (MARKUP, HABIT, TARGET)] == [1.1, 0.3, 0.007]
    others = [name for name in inputs.names if name not in (MARKUP, HABIT, TARGET)]
    assert [saved.value(name) for name in others] == [inputs.value(name) for name in others]
