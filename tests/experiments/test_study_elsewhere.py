"""A study whose chunks are solved by other processes has the answers of one solved here, whatever is lost on the way."""

import os
import signal
import subprocess
import time

import pytest

from tests.studies import PATIENCE, assert_same_study, said, solve, start, wait_for_a_part

pytestmark = pytest.mark.slow


def wait_for_tasks(count, process, folder):
    """Return as soon as so many of Ray's processes solve a chunk."""
    deadline, solving = time.monotonic() + PATIENCE, ["pgrep", "-f", "^ray::solve_chunk"]
    while len(subprocess.run(solving, capture_output=True, text=True).stdout.split()) < count:
        assert process.poll() is None and time.monotonic() < deadline, said(folder)
        time.sleep(0.05)


@pytest.mark.filterwarnings("ignore")
def test_a_ray_node_that_is_lost_costs_time_only(small_study, tmp_path):
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    try:
        lost = cluster.add_node(num_cpus=2)
        process = start(tmp_path, f"cluster.address={cluster.address}")
        wait_for_tasks(2, process, tmp_path)  # Ray spreads them: one is the lost node's
        cluster.remove_node(lost, allow_graceful=False)
        assert process.wait(900) == 0, said(tmp_path)
    finally:
        cluster.shutdown()
    assert "a worker died" in said(tmp_path)
    assert_same_study(tmp_path, small_study)


def test_processes_of_submitit_answer_alike(small_study, tmp_path):
    pytest.importorskip("submitit")
    solve(tmp_path, "cluster.executor=slurm", "cluster.address=local", "study.chunk=6")
    assert_same_study(tmp_path, small_study)


def workers_of(process):
    """Process numbers of the workers that a study on this machine has started."""
    found = subprocess.run(["pgrep", "-P", str(process.pid), "-f", "spawn_main"], capture_output=True, text=True)
    return [int(number) for number in found.stdout.split()]


def test_a_process_of_this_machine_that_is_killed_costs_time_only(small_study, tmp_path):
    process = start(tmp_path, "cluster.workers=2")
    wait_for_a_part(tmp_path, process)
    for worker in workers_of(process):
        os.kill(worker, signal.SIGKILL)
    assert process.wait(900) == 0, said(tmp_path)
    assert "a worker died (exit status -9)" in said(tmp_path)
    assert_same_study(tmp_path, small_study)


def test_a_study_that_is_killed_leaves_no_processes(tmp_path):
    process = start(tmp_path, "cluster.workers=2")
    wait_for_a_part(tmp_path, process)
    workers = workers_of(process)
    assert len(workers) == 2
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while any(os.path.exists(f"/proc/{worker}") for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
