"""The joint table of a sweep's jobs, by hand."""

import pandas as pd

from experiments.folder.multirun import Job, write_joint_table

YEARS = "outcome,path,unit,2026\nUnemployment,baseline,% of labour force,{}\n"


def job(folder, value):
    folder.mkdir()
    if value is not None:
        (folder / "years.csv").write_text(YEARS.format(value), encoding="utf-8")
    return str(folder)


def test_jobs_stand_beneath_one_another_with_what_tells_them_apart(tmp_path):
    given = ["calibration=pwbm", "economy.a=0.1", "+economy.a=0.2", "economy.a=0.3"]
    jobs = [Job(job(tmp_path / str(i), v), [given[0], given[i + 1]], 0.0) for i, v in enumerate((4.2, 4.4, None))]
    table = pd.read_csv(write_joint_table(jobs))
    assert list(table.columns) == ["job", "economy.a", "outcome", "path", "unit", "2026"]
    assert table[["job", "economy.a", "2026"]].to_numpy().tolist() == [[0, 0.1, 4.2], [1, 0.2, 4.4]]


def test_of_one_job_there_is_none(tmp_path):
    assert write_joint_table([]) is None
    jobs = [Job(job(tmp_path / "0", 4.2), ["a=1"], 0.0), Job(job(tmp_path / "1", None), ["a=2"], 0.0)]
    assert write_joint_table(jobs) is None
    assert not (tmp_path / "years.csv").exists()


def test_a_table_that_lay_there_before_is_of_another_run(tmp_path):
    folders = [job(tmp_path / str(i), 4.2) for i in range(2)]
    later = (tmp_path / "0" / "years.csv").stat().st_mtime + 1
    assert write_joint_table([Job(folders[0], ["a=1"], later), Job(folders[1], ["a=2"], 0.0)]) is None
