"""Fixtures that tests of every room may use."""

from pathlib import Path

import pytest
from hypothesis import settings

# Timings are never asserted: a busy machine makes no test fail.
settings.register_profile("edged", deadline=None)
settings.load_profile("edged")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of facts beside the project; a test that needs it is skipped where it is absent."""
    directory = Path(__file__).resolve().parents[2] / "shared"
    if not directory.is_dir():
        pytest.skip("the directory of facts, ../shared, is not beside the project")
    return directory
