"""Fixtures of the tests of the simulated board."""

from collections.abc import Iterator

import pytest

from tests.unit.simulation.boards import MakeBench


@pytest.fixture
def bench() -> Iterator[MakeBench]:
    """Makes simulated boards; they are closed when the test is over."""
    make = MakeBench()
    yield make
    make.close()
