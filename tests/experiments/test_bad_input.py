"""Bad input is answered in words with exit status 2, and nothing is solved."""

import csv

import jax
import pytest

from calibration.inputs import TARGETS_FILE, load_inputs
from calibration.numbers.tables import TARGET_COLUMNS, TableError
from experiments import run
from experiments.claims import __main__ as claims
from experiments.contributions import command as contributions
from experiments.entry import use_device
from experiments.estimation import command as estimation
from experiments.export import __main__ as export
from experiments.folder.captions import calibration_of
from experiments.markets import __main__ as markets
from experiments.request.build import Job
from experiments.request.errors import InputError

ROWS = "changes=[{instrument: %s, operation: %s, value: %s, from: %s, to: %s}]"
CASES = [
    (
        ["economy.energy.interconnection_supply_elasticit=0.2"],
        ["its node is economy.energy", "interconnection_supply_elasticity"],
    ),
    (["households.kind=islands"], ["households.kind: unknown key; its node is households"]),
    (["+economy.kind=two_sector"], ["economy.kind: unknown key; its node is economy"]),
    (["scenario=[ai_subsidy]"], ["scenario: unknown key", "the nearest is scenarios"]),
    (["+tax.rat=0.2"], ["tax: unknown key"]),
    (["figures=false"], ["figures: unknown key; expected outputs.figures"]),
    (
        ["calibration=us_2022q4,markets_view"],
        ["calibration: got several values", "or a run for each, run -m calibration=us_2022q4,markets_view"],
    ),
    (["solver.horizon=abc"], ["solver.horizon: got 'abc'; expected a whole number"]),
    (["solver=defualt"], ["solver/defualt", "default, reference"]),
    (["beliefs=slow_lerning"], ["crash_wedge, extrapolative, perfect_foresight, sequential, slow_learning, surprise"]),
    (
        ["economy.households.discount_factor=1.2"],
        ["economy.households.discount_factor: got 1.2; allowed 0.5 to 0.9999 [per quarter]"],
    ),
    (
        ["economy.energy.nuclear_yield=-1", "economy.production.capital_share=1.5"],
        ["nuclear_yield: got -1", "capital_share: got 1.5"],
    ),
    (["calibration.targets={ai_capex_share: 1.3}"], ["ai_capex_share: got 1.3; allowed 0 to 1"]),
    (["calibration.targets={ai_capex_shar: 0.2}"], ["no such target; the nearest is ai_capex_share"]),
    (["parameters={ZA: 1.0}"], ["is calibrated, not set; move calibration.targets.ai_capex_share"]),
    (["parameters={thet: 2.0}"], ["no such symbol; the nearest is theta"]),
    (["parameters={sigV: 0.2}", "economy.production.compute_energy_elasticity=0.3"], ["set it once"]),
    (
        ["rule=taylor", "economy.central_bank.inflation_response=2"],
        ["economy.central_bank.inflation_response: rule taylor sets it too; set it once"],
    ),
    (["scenarios=[ai_subsidi]"], ["no scenario 'ai_subsidi'; the nearest is ai_subsidy"]),
    (["parameters=sigV"], ["parameters: got 'sigV'; expected a mapping of names to numbers"]),
    (["calibration.targets=[1]"], ["calibration.targets: got [1]; expected a mapping of names to numbers"]),
    (["scenarios_file=nowhere.yaml"], ["nowhere.yaml: no such file"]),
    ([ROWS % ("zY", "scale", "1.7", "2027Q1", "2036Q4")], ["no instrument 'zY'; the nearest is zX"]),
    ([ROWS % ("zX", "multiply", "1.7", "2027Q1", "2036Q4")], ["expected one of add, scale, set"]),
    ([ROWS % ("zX", "scale", "many", "2027Q1", "2036Q4")], ["expected a finite number"]),
    ([ROWS % ("sA", "scale", "1.7", "2027Q1", "2036Q4")], ["scale on an instrument of base 0"]),
    ([ROWS % ("zX", "set", "-1", "2027Q1", "2036Q4")], ["instrument zX: becomes -1; expected 0 or more"]),
    ([ROWS % ("zX", "scale", "1.7", "2025Q1", "2036Q4")], ["expected 2026Q1 or later"]),
    ([ROWS % ("zX", "scale", "1.7", "2027Q1", "2226Q4")], ["past the horizon, which ends in 2082Q4"]),
    ([ROWS % ("zX", "scale", "1.7", "2027Q1", "2026Q4")], ["to is 2026Q4, before from, 2027Q1"]),
    ([ROWS % ("zX", "scale", "1.7", "27Q1", "2026Q4")], ["expected a form such as 2026Q1"]),
    (["uncertainty=posteriour"], ["uncertainty", "none, posterior"]),
    (["uncertainty=posterior", "calibration=reference"], ["calibration.draws: got null", "`python -m calibration.run"]),
    (["uncertainty=posterior", "calibration.draws=nowhere.csv"], ["calibration.draws: nowhere.csv: no such file"]),
    (["calibration.draws=nowhere.csv"], ["calibration.draws: nowhere.csv: no such file"]),
    (["uncertainty=posterior", "draws=1"], ["draws: got 1; allowed 2 to 100000"]),
    (["draws=4"], ["draws: got 4 without bands; expected uncertainty=posterior beside it"]),
    (["draws=many"], ["draws: got 'many'; expected a whole number"]),
    (
        ["economy.rest_of_world.import_share=abc"],
        ["economy.rest_of_world.import_share: got 'abc'; expected a number"],
    ),
    (["changes={instrument: sA}"], ["changes: got one row; expected a list of them"]),
    (["parameters={sigV: 0.3, sigV: 0.4}"], ["parameters: sigV stands twice; expected each name once"]),
    (["changes=[{instrument: sA, value: 1, value: 2}]"], ["changes: value stands twice"]),
    (["--horizon=3"], ["--horizon=3: no such option; expected KEY=VALUE without dashes"]),
    (["uncertainty=posterior", "study=bottleneck"], ["a study has no bands"]),
    (["changes=[{instrument: zX, operation: scale, value: 1.7}]"], ["custom.changes.0.from: Field required"]),
    (["calibration=us_2022q4", "beliefs=sequential"], ["beliefs: got sequential", "expected surprise"]),
    (
        ["calibration=us_2026q1", "economy.adoption.speed=1"],
        ["economy.adoption.speed: calibration=us_2026q1 has no such number"],
    ),
    (["solver=null"], ["solver: got null; expected the name of an option: default, reference"]),
    (["outputs=5"], ["outputs: got 5; expected the name of an option: default, tables"]),
    (["hydra=null"], ["hydra: got null; expected the name of an option"]),
    (["~scenarios"], ["~scenarios: options cannot be taken out; leave it out for the default"]),
    (["~solver"], ["~solver: options cannot be taken out"]),
    (["study.axes={}", "study=policy_grid"], ["study.axes={}: changes nothing; leave it out"]),
    (["=5"], ["=5: no key; expected KEY=VALUE"]),
    (["hydra.run.dir="], ["hydra.run.dir: got ''; expected a folder, or leave it out"]),
    (["hydra.run.dir=/proc/x"], ["No such file or directory: '/proc/x'; got"]),
    (["hydra.job_logging.root.level=NOPE"], ["Unknown level: 'NOPE'; got"]),
    (["hydra.verbose=5"], ["; got", "hydra.verbose=5"]),
    (["cluster.options=5", "study=bottleneck"], ["cluster.options: got 5; expected a mapping"]),
    (["study.chunk=-1"], ["study.chunk: got -1; nothing uses it without study=NAME"]),
    (["cluster.workers=2"], ["cluster: got workers=2; only the points of a study are solved so, with study=NAME"]),
    (["parameters={1: 2}"], ["parameters: got the name 1; expected a text"]),
    (["calibration.targets={1: 2}"], ["calibration.targets: got the name 1; expected a text"]),
]


@pytest.mark.parametrize("overrides, expected", CASES, ids=[" ".join(c[0])[:60] for c in CASES])
def test_message_and_status(overrides, expected, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "experiments.answer.results.solve", lambda *_, **__: pytest.fail("solved in spite of bad input")
    )
    assert run.main([f"hydra.run.dir={tmp_path}/run", *overrides]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    for sentence in expected:
        assert sentence in said


def test_a_key_that_is_given_twice_is_told(capsys, tmp_path):
    assert run.main([f"hydra.run.dir={tmp_path}/run", "scenarios=[]", "scenarios=[ai_subsidi]"]) == 2
    assert "note: scenarios is given twice; the last one counts" in capsys.readouterr().err


def write_targets(path, change):
    with TARGETS_FILE.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    change(rows)
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, TARGET_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda rows: rows.pop(3), "missing row"),
        (lambda rows: rows.append(dict(rows[0])), "duplicate row 'real_return.liquid'"),
        (
            lambda rows: rows[2].update(value="six"),
            "line 4: real_return.traditional_equity: value is 'six'; expected a finite number",
        ),
        (lambda rows: rows[2].update(value="nan"), "expected a finite number"),
        (
            lambda rows: rows[2].update(unit="per quarter"),
            "line 4: real_return.traditional_equity: unit is 'per quarter'; expected 'per year'",
        ),
        (lambda rows: rows[0].update(name="real_return.bill"), "missing row 'real_return.liquid'"),
    ],
)
def test_a_bad_target_file_names_file_line_and_what_was_expected(change, expected, tmp_path):
    path = write_targets(tmp_path / "targets.csv", change)
    with pytest.raises(TableError) as caught:
        load_inputs(path)
    assert str(path) in str(caught.value)
    assert expected in str(caught.value)


def test_a_target_file_in_another_encoding_is_refused_in_words(tmp_path):
    path = tmp_path / "targets.csv"
    path.write_bytes(TARGETS_FILE.read_bytes().decode().encode("utf-16"))
    with pytest.raises(TableError, match="not a text in UTF-8"):
        load_inputs(path)


def test_a_good_target_file_is_read(tmp_path):
    path = write_targets(tmp_path / "targets.csv", lambda rows: rows[0].update(value="0.012"))
    assert load_inputs(path).value("targets.real_return.liquid") == 0.012


def test_a_file_of_targets_has_the_last_word_where_it_differs_and_is_named(tmp_path):
    def change(rows):
        next(row for row in rows if row["name"] == "gpu_headroom").update(value="1.4")

    shipped, own = load_inputs(name="us_2026q1"), load_inputs(write_targets(tmp_path / "mine.csv", change), "us_2026q1")
    assert shipped.value("targets.gpu_headroom") not in (1.4, load_inputs().value("targets.gpu_headroom"))
    assert own.value("targets.gpu_headroom") == 1.4
    assert own.value("targets.ai_capex_share") == shipped.value("targets.ai_capex_share")
    assert calibration_of(Job(own, None, ())) == "Calibration: us_2026q1 (targets of mine.csv)"


def test_a_refused_run_leaves_no_folder_and_keeps_what_another_left(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "table.csv").write_text("of another run")
    for name in ("new", "kept"):
        assert run.main(["scenarios=[ai_subsidi]", f"hydra.run.dir={tmp_path}/{name}"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "table.csv").read_text() == "of another run"


def test_a_folder_that_cannot_be_written_is_named(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert run.main([f"hydra.run.dir={tmp_path}/file/run"]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path}/file/run: Not a directory; choose another folder with hydra.run.dir=FOLDER" in said


@pytest.mark.parametrize(
    "main, overrides, said",
    [
        (run.main, ["study=policy_grid", "scenarios=[ai_bust]"], "points of a study bring their own"),
        (
            run.main,
            ["study=policy_grid", "study.name=''"],
            "study.name: got ''; expected a name of at most 100 letters",
        ),
        (run.main, ["study=policy_grid", "study.name=../../../x"], "study.name: got '../../../x'; expected a name"),
        (contributions.main, ["+study=policy_grid"], "study: got 'policy_grid'; only experiments.run solves studies"),
        (
            export.main,
            ["target=dynare", "scenarios=[]", "scenarios_file=clash.yaml"],
            "a-b and a_b would have the same file a_b.mod; rename one",
        ),
        (claims.main, ["claims=[C1]", "seed=-1"], "seed: got -1; expected 0 to 2147483647"),
        (estimation.main, ["seed=99999999999999999999999"], "seed: got 99999999999999999999999; expected 0 to"),
        (estimation.main, ["first_quarter=2026Q5"], "first_quarter: got '2026Q5', expected a form such as 2026Q1"),
        (estimation.main, ["starts=99999999999999999999"], "starts: got 99999999999999999999; allowed 1 to 100000"),
        (estimation.main, ["posterior=[48,10]"], "posterior: got [48, 10]; expected [] or two or more counts of 16"),
        (markets.main, ["estimate=true", "solver.horizon=-5"], "solver.horizon: got -5; allowed 80 to 2000 quarters"),
        (markets.main, ["estimate=true", "scenarios=[ai_bust]"], "numbers of markets are estimated without"),
        (claims.main, ["study.design=nan"], "study.design: got 'nan'; nothing uses it"),
        (estimation.main, ["save=/abs/name"], "save: got '/abs/name'; expected a new name"),
        (estimation.main, [f"save={101 * 'a'}"], "expected a new name of at most 100 letters"),
        (estimation.main, ["save=us_2026q1"], "save: got 'us_2026q1'; expected a new name"),
        (claims.main, ["beliefs.kind=perfect_foresight"], "beliefs: got perfect_foresight; each claim has its own"),
        (
            claims.main,
            ["claims=[C2,C3b]", "economy.catch_up.multiplier.tL=4"],
            "catch_up.multiplier.tL: got 4; claim C3b is about an economy with 3",
        ),
    ],
)
def test_what_would_be_ignored_is_refused(main, overrides, said, capsys, tmp_path):
    clash = tmp_path / "clash.yaml"
    row = "[{instrument: sA, operation: add, value: 0.1, from: 2026Q1, to: 2027Q4}]"
    clash.write_text(f"a-b: {row}\na_b: {row}\n")
    overrides = [o.replace("clash.yaml", str(clash)) for o in overrides]
    assert main([f"hydra.run.dir={tmp_path}/run", *overrides]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (
            "scenarios=ai_bust",
            'scenarios: got one name; expected a list, in quotes for the shell: "scenarios=[NAME,NAME]"',
        ),
        ("rest_of_world.import_share=0.4", "numbers of the economy begin with economy., as economy.rest_of_world"),
    ],
)
def test_what_newcomers_write_is_answered_with_what_they_mean(override, said, capsys):
    assert run.main([override]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="this machine has a GPU")
def test_a_gpu_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="device: got gpu; JAX finds none here"):
        use_device("gpu")
