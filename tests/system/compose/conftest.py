"""What the tests of the running containers share."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.system.compose.engine import EngineError, missing
from tests.system.compose.scene import Scene, scene


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The containers after README.md's steps; every test leaves them running."""
    if why := missing():
        pytest.skip(why)
    with ExitStack() as exits:
        try:
            made = exits.enter_context(scene(tmp_path_factory.mktemp("compose")))
        except EngineError as error:
            pytest.skip(str(error))
        yield made
