"""A study that is killed goes on from its finished parts with the same command."""

import json

import pytest

from tests.studies import POINTS, assert_same_study, parts, solve, start, wait_for_a_part

pytestmark = pytest.mark.slow


def stamps(folder):
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in sorted((folder / "parts").glob("*.parquet"))}


def test_a_killed_study_goes_on_where_it_was_and_a_finished_one_rests(small_study, tmp_path):
    process = start(tmp_path)
    wait_for_a_part(tmp_path, process)
    process.kill()
    process.wait()
    torn = tmp_path / "parts" / "points-00000003-00003.partial"
    torn.write_bytes(parts(tmp_path)[0].read_bytes()[:100])
    kept, finished = stamps(tmp_path), len(parts(tmp_path))
    assert 0 < finished < POINTS

    assert f"{POINTS} points, {finished} finished" in solve(tmp_path)
    assert stamps(tmp_path).items() >= kept.items()
    assert_same_study(tmp_path, small_study)

    complete = stamps(tmp_path)
    again = solve(tmp_path)
    assert f"{POINTS} points, {POINTS} finished" in again
    assert json.loads((tmp_path / "manifest.json").read_text())["solved_in_this_run"] == 0
    assert stamps(tmp_path) == complete
