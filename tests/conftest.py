"""Fixtures that tests of every room may use."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Timings are never asserted: a busy machine makes no test fail.
settings.register_profile("edged", deadline=None)
# For an emulated processor: few examples, none of which is too slow.
settings.register_profile(
    "emulated", deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("EDGED_HYPOTHESIS_PROFILE", "edged"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of facts beside the project; a test that needs it is skipped where it is absent."""
    directory = Path(__file__).resolve().parents[2] / "shared"
    if not directory.is_dir():
        pytest.skip("the directory of facts, ../shared, is not beside the project")
    return directory
