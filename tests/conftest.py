"""Fixtures that tests of every room may use."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of facts beside the project; a test that needs it is skipped where it is absent."""
    directory = Path(__file__).resolve().parents[2] / "shared"
    if not directory.is_dir():
        pytest.skip("the directory of facts, ../shared, is not beside the project")
    return directory
