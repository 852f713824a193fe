"""The points of a study, its bad input, and Sobol indices against a function whose indices are known."""

from types import SimpleNamespace

import hydra
import numpy as np
import pandas as pd
import pytest

from calibration.inputs import TARGETS_FILE, load_inputs
from experiments.entry import CONFIGURATION, configuration_hash, configured
from experiments.request.errors import InputError
from experiments.study.design import Study, saltelli
from experiments.study.run import study_of
from experiments.study.sensitivity import saltelli_indices, sobol_table
from experiments.study.store import Store
from experiments.study.tables import surface_of
from model.transition.scenarios.scenario import Change

INPUTS = load_inputs()


def study(*overrides, name="policy_grid"):
    return study_of(configured("config", [f"study={name}", *overrides]))


@pytest.mark.parametrize(
    "name, points", [("policy_grid", 729), ("bottleneck", 625), ("beliefs_about_ai", 175), ("global_sensitivity", 768)]
)
def test_shipped_studies_are_read(name, points):
    read = study(name=name)
    assert len(read) == len(read.coordinates) == len(read.values) == points
    assert read.coordinates.min() >= 0
    assert read.coordinates.max() <= 1


def test_a_point_moves_what_its_axes_say():
    grid = study()
    last = grid.point(728)
    assert last.inputs is grid.job.inputs
    assert last.scenario.changes == (
        Change("varpi", "add", (0.06,), 0, 11),
        Change("sA", "add", (0.2,), 0, 19),
        Change("zG", "scale", (2.0,), 0, 39),
        Change("zX", "scale", (2.0,), 0, 39),
    )
    assert last.coordinates == (1.0, 1.0, 1.0)
    assert last.origin == pytest.approx((0.5, 0.0, 0.5))
    corner = study(name="bottleneck").point(0)
    assert corner.inputs.moved == pytest.approx(
        {"energy.interconnection_supply_elasticity": 0.1, "production.compute_energy_elasticity": 0.05}
    )
    assert corner.coordinates == (0.0, 0.0, 0.0, 0.0)
    assert corner.origin[:2] == (0.0, 0.0)


def test_a_relative_axis_multiplies_the_calibrated_numbers_of_all_labels():
    sensitivity = study(name="global_sensitivity")
    axis = next(a for a in sensitivity.axes if a.name == "start_elasticity")
    assert axis.numbers(0.75, INPUTS) == pytest.approx(
        {f"energy.start_elasticity.{k}": 0.75 * v for k, v in {"gas": 1.5, "nuclear": 0.8, "renewable": 3.0}.items()}
    )


@pytest.mark.parametrize(
    "overrides, said",
    [
        (["study.axes.capacity.low=-1"], "expected positive values"),
        (["study.axes.capacity.low=2.0"], "the first and the last different"),
        (["study.design=lattice"], "expected one of grid, sobol"),
        (["study.design=sobol", "study.samples=48"], "expected a power of two"),
        (["study.design=sobol", "study.samples=64"], "study.maps: a map needs a grid of points"),
        (["+study.axes.speed={values: [1, 2]}"], "expected either parameters, changes or targets"),
        (["+study.axes.speed={parameters: [energy.coling], values: [1, 2]}"], "the nearest is energy.cooling"),
        (["+study.axes.speed={parameters: [households.discount_factor], values: [0.9, 1.2]}"], "allowed"),
        (
            ["+study.axes.speed={changes: [{instrument: zY, operation: add, from: 2026Q1}], values: [1, 2]}"],
            "no instrument 'zY'",
        ),
        (["study.axes.ai_subsidy.low=0.01", "+study.axes.ai_subsidy.logarithmic=true"], "expected false"),
        (
            [
                "+study.axes.share={parameters: [energy.cooling_elasticity], values: [1, 2]}",
                "+study.axes.all={parameters: [energy.cooling_elasticity], values: [1, 2]}",
            ],
            "got energy.cooling_elasticity in share and all; expected each number in one axis",
        ),
        (["study.maps.0.x=speed"], "no axis 'speed'"),
        (["study.maps.0.outcome=gdp_reel"], "study.maps.0: no outcome 'gdp_reel'; the nearest is gdp_real"),
        (["study.maps.0.quarters=3"], "study.maps.0.quarters: got 3; expected one of 1, 4, 8, 20, 40"),
        (["study.maps.0.y=ai_subsidy"], "got ai_subsidy as x and y"),
        (["+study.maps.0.at={bond_share: nan}"], "finite number"),
        (["study.axes.capacity.low=nan"], "finite number"),
        (["+study.axes.certified={parameters: [energy.cooling_elasticity], values: [1, 2]}"], "the name is taken"),
        (["+study.axes.Point={parameters: [energy.cooling_elasticity], values: [1, 2]}"], "the name is taken"),
        (["+study.axes.Capacity={parameters: [energy.cooling_elasticity], values: [1, 2]}"], "the name is taken"),
        (
            ["+study.axes={a b: {parameters: [energy.cooling_elasticity], values: [1, 2]}}"],
            "got 'a b'; expected a name of at most",
        ),
        (["study.axes.ai_subsidy.points=1"], "greater than or equal to 2"),
        (["+study.axes.ai_subsidy.values=[0, 0.1]"], "expected values, or low, high and points"),
        (["+study.axes.ai_subsidy.relative=true"], "only parameters have a calibrated number"),
        (
            [
                "+study.axes.speed={changes: [{instrument: zA, operation: scale, from: 2026Q1, times: -1}], values: [0, 1]}"
            ],
            "expected positive values",
        ),
        (
            ["study.maps=[{outcome: gdp_real, quarters: 20, x: capacity, y: ai_subsidy, at: {capacity: 1}}]"],
            "axis of the map",
        ),
        (
            ["study.maps=[" + ",".join(2 * ["{outcome: gdp_real, quarters: 20, x: capacity, y: ai_subsidy}"]) + "]"],
            "maps that differ",
        ),
        (["study.axes.ai_subsidy.points=100000"], "got 8,100,000 points; at most 1,000,000 are one study"),
    ],
)
def test_bad_studies_are_refused_in_words(overrides, said):
    with pytest.raises(InputError) as error:
        study(*overrides)
    assert said in str(error.value)


def test_design_has_the_columns_of_saltelli():
    a, b, *mixed = saltelli(16, 3, seed=1).reshape(5, 16, 3)
    assert not np.isclose(a, b).any()
    for j, block in enumerate(mixed):
        np.testing.assert_array_equal(block[:, j], b[:, j])
        np.testing.assert_array_equal(np.delete(block, j, 1), np.delete(a, j, 1))


def test_sobol_indices_of_the_ishigami_function():
    # Ishigami and Homma (1990) with a = 7, b = 0.1; indices in closed form, as in Saltelli et al. (2008), section 4.1
    samples, axes = 2**12, ("x", "y", "z")
    x, y, z = (np.pi * (2 * saltelli(samples, 3, seed=3) - 1)).T
    values = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    values[5] = np.nan  # a refused point takes its sample with it
    made = Study(
        SimpleNamespace(samples=samples, design="sobol", seed=3), tuple(SimpleNamespace(name=n) for n in axes), None
    )
    good = np.flatnonzero(np.isfinite(values))
    outcomes = pd.DataFrame({"point": good, "variable": "f", "label": "", "quarters": 20, "value": values[good]})
    table = sobol_table(made, None, outcomes).set_index("axis")
    assert (table.samples == samples - 1).all()
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
    first = [0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2 / variance, 7**2 / 8 / variance, 0.0]
    cross = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50) / variance
    np.testing.assert_allclose(table.first_order[list(axes)], first, atol=0.03)
    np.testing.assert_allclose(table.total_order[list(axes)], [first[0] + cross, first[1], cross], atol=0.03)
    assert (table.first_order_low <= table.first_order).all()
    assert (table.total_order <= table.total_order_high).all()


def test_the_store_keeps_whole_parts_and_ignores_torn_ones(tmp_path):
    store = Store(tmp_path)
    points = pd.DataFrame({"point": [4, 5], "certified": [True, False]})
    outcomes = pd.DataFrame({"point": [4], "value": [1.5]})
    store.write(points, outcomes)
    (store.parts / "points-00000009-00002.partial").write_bytes(b"PAR1 torn")
    (store.parts / "outcomes-00000009-00002.parquet").write_bytes(b"not finished: no points beside it")
    assert Store(tmp_path).finished() == {4, 5}
    store.write(points, outcomes)
    read, kept = Store(tmp_path).tables()
    assert read.point.tolist() == [4, 5]
    assert kept.value.tolist() == [1.5]


def test_a_store_takes_no_parts_of_another_making(tmp_path):
    store = Store(tmp_path)
    store.claim("first")
    store.write(pd.DataFrame({"point": [0], "certified": [False]}), pd.DataFrame())
    Store(tmp_path).claim("first")
    with pytest.raises(InputError, match="solved with other options, tables or program"):
        Store(tmp_path).claim("second")
    (store.parts / "made_of").unlink()
    with pytest.raises(InputError, match="got None, expected first"):
        Store(tmp_path).claim("first")


def test_the_mean_of_an_outcome_is_no_part_of_its_indices():
    """A sum of two axes on a level of a thousand: 0.2 and 0.8 of the variance."""
    points = saltelli(512, 2, seed=3)
    values = 1000.0 + points @ [1.0, 2.0]
    first, total = saltelli_indices(values.reshape(4, 512))
    np.testing.assert_allclose(first, [0.2, 0.8], atol=0.02)
    np.testing.assert_allclose(total, [0.2, 0.8], atol=0.02)


def test_a_surface_knows_an_outcome_by_either_name():
    grid = study(*(f"study.axes.{name}.points=2" for name in ("bond_share", "ai_subsidy", "capacity")))
    shown = grid.file.maps[0].model_copy(update={"outcome": "wealth_share_by_age", "label": "young"})
    points = pd.DataFrame(grid.values, columns=[a.name for a in grid.axes]).assign(point=range(8))
    rows = {"variable": "wealth_share", "label": "young", "quarters": shown.quarters, "difference": 1.0}
    outcomes = pd.DataFrame({"point": range(8)}).assign(**rows, difference_in="pp")
    kind, surface = surface_of(grid, points, outcomes, shown)
    assert kind == "pp" and (surface == 1.0).all().all()


def test_a_surface_leaves_refused_points_empty():
    grid = study(*(f"study.axes.{name}.points=2" for name in ("bond_share", "ai_subsidy", "capacity")))
    shown = grid.file.maps[0].model_copy(update={"at": {"bond_share": -0.06}})
    points = pd.DataFrame(grid.values, columns=[a.name for a in grid.axes]).assign(point=range(8))
    outcomes = pd.DataFrame(
        {"point": [0, 1, 2], "variable": "gdp_real", "label": "", "quarters": 20, "difference": [1.0, 2.0, 3.0]}
    )
    kind, surface = surface_of(grid, points, outcomes.assign(difference_in="%"), shown)
    assert kind == "%"
    np.testing.assert_array_equal(surface.to_numpy(), [[1.0, 3.0], [2.0, np.nan]])


@pytest.mark.parametrize("name", ["policy_grid", "bottleneck", "beliefs_about_ai", "global_sensitivity"])
def test_the_same_command_names_the_same_folder(name):
    configured("config", [])
    with hydra.initialize_config_dir(str(CONFIGURATION), version_base="1.3"):
        composed = hydra.compose("config", [f"study={name}"], return_hydra_config=True)
        folder = composed.hydra.run.dir
        assert (
            folder
            == hydra.compose("config", [f"study={name}", "study.chunk=7"], return_hydra_config=True).hydra.run.dir
        )
        other = hydra.compose("config", [f"study={name}", "solver.horizon=320"], return_hydra_config=True).hydra.run.dir
    assert folder.startswith(f"multirun/{name}-")
    assert folder != other


def test_other_tables_and_another_order_of_axes_are_other_studies(tmp_path):
    file = tmp_path / "targets.csv"
    file.write_bytes(TARGETS_FILE.read_bytes())
    config = configured("config", ["study=policy_grid", f"calibration.targets_file={file}"])
    hashes = [configuration_hash(_root_=config)]
    file.write_bytes(TARGETS_FILE.read_bytes() + b"\n")
    hashes.append(configuration_hash(_root_=config))
    config.study.axes = dict(reversed(config.study.axes.items()))
    hashes.append(configuration_hash(_root_=config))
    assert len(set(hashes)) == 3


def test_an_option_by_interpolation_counts_with_the_value_it_has():
    asked = ("study=policy_grid", "solver.horizon=${draws}")
    hashes = [configuration_hash(_root_=configured("config", [*asked, f"draws={n}"])) for n in (240, 320)]
    assert hashes[0] == configuration_hash(_root_=configured("config", ["study=policy_grid"])) != hashes[1]
