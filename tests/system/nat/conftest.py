"""What the tests of boards behind NAT share."""

import shutil
from collections.abc import Iterator

import pytest

from tests.system.nat.network import Network, missing, network


@pytest.fixture
def net() -> Iterator[Network]:
    """Board, router and store."""
    for program, package in (
        ("prometheus", "prometheus"),
        ("victoria-metrics", "victoria-metrics"),
        ("openssl", "openssl"),
    ):
        if not shutil.which(program):
            pytest.skip(f"there is no {program}: apt-get install {package}")
    if why := missing():
        pytest.skip(why)
    with network() as made:
        yield made
