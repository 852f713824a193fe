"""A study whose chunks are solved by other processes has the answers of one solved here, whichever machine is lost."""

import pytest

from tests.studies import assert_same_study, parts, said, solve, start, wait_for_a_part

pytestmark = pytest.mark.slow


@pytest.mark.filterwarnings("ignore")
def test_a_ray_node_that_is_lost_costs_time_only(small_study, tmp_path):
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    try:
        lost = cluster.add_node(num_cpus=2)
        process = start(tmp_path, f"cluster.address={cluster.address}")
        wait_for_a_part(tmp_path, process)
        assert len(parts(tmp_path)) < 4
        cluster.remove_node(lost, allow_graceful=False)
        assert process.wait(900) == 0, said(tmp_path)
    finally:
        cluster.shutdown()
    assert "a worker died" in said(tmp_path)
    assert_same_study(tmp_path, small_study)


def test_processes_of_submitit_answer_alike(small_study, tmp_path):
    pytest.importorskip("submitit")
    solve(tmp_path, "cluster.executor=slurm", "cluster.address=local")
    assert_same_study(tmp_path, small_study)
