"""What several tests of studies compare with."""

import pytest

from tests.studies import solve


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """Folder of the small study, solved without interruption in one process."""
    folder = tmp_path_factory.mktemp("small_study")
    solve(folder)
    return folder
