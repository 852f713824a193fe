"""A study that is killed goes on from its finished parts with the same command."""

import json

import pytest

from tests.studies import POINTS, assert_same_study, parts, solve, start, wait_for_a_part

pytestmark = pytest.mark.slow


def stamps(folder):
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in sorted((folder / "parts").glob("*.parquet"))}


def test_a_killed_study_goes_on_where_it_was_and_a_finished_one_rests(tmp_path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = start(killed)
    wait_for_a_part(killed, process)
    process.kill()
    process.wait()
    torn = killed / "parts" / "points-00000003-00003.partial"
    torn.write_bytes(parts(killed)[0].read_bytes()[:100])
    kept, finished = stamps(killed), 3 * len(parts(killed))
    assert 0 < finished < POINTS

    assert f"{POINTS} points, {finished} finished" in solve(killed)
    assert stamps(killed).items() >= kept.items()
    solve(whole)
    assert_same_study(killed, whole)

    complete = stamps(killed)
    again = solve(killed)
    assert f"{POINTS} points, {POINTS} finished" in again
    assert json.loads((killed / "manifest.json").read_text())["solved_in_this_run"] == 0
    assert stamps(killed) == complete
