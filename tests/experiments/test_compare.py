"""Two runs side by side, by hand."""

import numpy as np
import pytest

from experiments.compare import command

YEARS = """outcome,path,unit,2026,2030
Unemployment,baseline,% of the labour force,{base},4.5
Unemployment,bust,"pp, change from the baseline",{change},{refused}
"""


def run_folder(path, base, change, refused, elasticity):
    path.mkdir(parents=True)
    (path / "years.csv").write_text(YEARS.format(base=base, change=change, refused=refused), encoding="utf-8")
    (path / "config.yaml").write_text(
        f"economy: {{chips: {{supply_elasticity: {elasticity}}}}}\nscenarios: [bust]\n", encoding="utf-8"
    )
    return str(path)


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outputs = tmp_path / "outputs" / "2026-11-30"
    return [
        run_folder(outputs / "1", 4.2, 0.3, 0.1, 0.7),
        run_folder(outputs / "2", 4.1, 0.05, "not solved: no path", 0.4),
    ]


def test_levels_changes_and_numbers_that_differ_are_told(runs, capsys, tmp_path):
    file = tmp_path / "both.csv"
    assert command.main([*runs, str(file)]) == 0
    told = capsys.readouterr().out
    assert "economy.chips.supply_elasticity: 0.7 in A, 0.4 in B" in told and "scenarios:" not in told
    paths = [
        word for line in told.splitlines() for word in line.split() if word in ("baseline", "bust")
    ]  # the notes name them too
    assert paths[:2] == ["baseline", "bust"]
    rows = [line.split()[-4:] for line in told.splitlines() if "2026 " in line or "2030 " in line]
    assert rows == [
        ["2026", "4.20", "4.10", "-0.10"],
        ["2030", "4.50", "4.50", "+0"],
        ["2026", "+0.30", "+0.050", "-0.25"],
        ["2030", "+0.10", "-", "-"],
    ]
    both = command.pd.read_csv(file)
    np.testing.assert_allclose(both.difference.dropna(), [-0.1, -0.25, 0.0], atol=1e-12)
    assert both.difference.isna().sum() == 1


def test_without_folders_they_are_the_last_two(runs, capsys):
    assert command.main([]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "A: outputs/2026-11-30/1",
        "B: outputs/2026-11-30/2",
    ]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["outputs"], "expected two run folders"),
        (["nowhere", "outputs"], "nowhere: no years.csv there"),
        (["a.csv", "b.csv"], "expected two run folders"),
    ],
)
def test_what_is_no_run_is_refused_in_words(runs, capsys, arguments, words):
    assert command.main(arguments) == 2
    assert words in capsys.readouterr().err


def test_what_only_one_run_has_why_a_path_is_refused_and_other_bases_are_told(runs, capsys):
    first, second = (command.Path(run) / "years.csv" for run in runs)
    table = command.pd.read_csv(first)
    lone = table[table.path == "bust"].assign(path="boom")
    other = table[table.path == "baseline"].assign(outcome="Real GDP")
    command.pd.concat([table, lone, other]).to_csv(first, index=False)
    file = second.parent / "both.csv"
    assert command.main([*runs, str(file)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "bust in B: not solved: no path" in told
    assert "only in A: boom" in told
    assert "only in A: 2 more cells of paths that both have (other years, outcomes or units)" in told
    assert command.OWN_BASE in told
    both = command.pd.read_csv(file)
    assert (both.path == "boom").sum() == 2 and both[both.path == "boom"].B.isna().all()


def test_which_calibration_comes_before_its_numbers(runs, capsys):
    for run, name in zip(runs, ("us_2022q4", "us_2026q1"), strict=True):
        numbers = "".join(f"  number_{k}: {name}\n" for k in range(20))
        (command.Path(run) / "config.yaml").write_text(
            f"economy:\n{numbers}calibration: {{name: {name}}}\n", encoding="utf-8"
        )
    assert command.main(runs) == 0
    assert capsys.readouterr().out.splitlines()[2] == "calibration.name: us_2022q4 in A, us_2026q1 in B"


def test_other_draws_are_no_other_base(runs, capsys):
    for run, draws in zip(runs, ("one.csv", "two.csv"), strict=True):
        (command.Path(run) / "config.yaml").write_text(f"calibration: {{draws: {draws}}}\n", encoding="utf-8")
    assert command.main(runs) == 0
    told = capsys.readouterr().out
    assert "calibration.draws: one.csv in A, two.csv in B" in told and command.OWN_BASE not in told


@pytest.mark.parametrize(
    "file, text, words",
    [
        ("years.csv", "", "no table of a run"),
        ("years.csv", "outcome,path\na,b\n", "got columns outcome, path"),
        (
            "years.csv",
            YEARS.format(base="abc", change=1, refused=1),
            "Unemployment, baseline has a cell that is no number",
        ),
        ("years.csv", YEARS.format(base=1, change=1, refused=1).rstrip()[:-2], "has a cell that is no number"),
        ("config.yaml", None, "no config.yaml there"),
        ("config.yaml", "a: [", "no configuration of a run"),
        ("config.yaml", "", "got no keys"),
    ],
)
def test_a_damaged_run_is_refused_in_words(runs, capsys, file, text, words):
    damaged = command.Path(runs[1]) / file
    damaged.unlink() if text is None else damaged.write_text(text, encoding="utf-8")
    assert command.main(runs) == 2
    assert words in capsys.readouterr().err
