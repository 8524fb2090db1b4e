"""What edged says of itself to people."""

from dataclasses import replace

import pytest

from edged.exposition.reload_state import ReloadState
from edged.exposition.status import status_of
from tests.unit.exposition.facts import SNAPSHOT

GOOD = ReloadState(successful=True, success_wall_s=1.0)


@pytest.mark.parametrize(
    ("state", "notes"),
    [
        (None, []),
        (GOOD, []),
        (replace(GOOD, needs_restart=("journal.path",)), ["restart to have journal.path hold"]),
        (replace(GOOD, successful=False), ["the configuration on the disk was refused"]),
    ],
)
def test_a_configuration_that_does_not_hold_is_noted(state: ReloadState | None, notes: list[str]) -> None:
    assert status_of(replace(SNAPSHOT, reload=state))["notes"] == notes
