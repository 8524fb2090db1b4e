"""The kinds of events, as journalctl finds them."""

import logging
import re
from pathlib import Path

import pytest

from edged.events import EVENTS, SENSOR_LOST

_TABLE = Path(__file__).parents[2] / "systemd/README.md"


def test_each_kind_has_an_id_of_its_own() -> None:
    ids = [kind.message_id for kind in EVENTS]
    assert len(set(ids)) == len({kind.name for kind in EVENTS}) == len(EVENTS)
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)


def test_an_event_carries_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    SENSOR_LOST.tell(logging.getLogger("edged"), "50 % of it is lost", EDGED_RAIL="big")
    (record,) = caplog.records
    assert record.getMessage() == "50 % of it is lost"
    assert record.levelno == logging.WARNING
    fields = ("EDGED_EVENT", "EDGED_RAIL", "MESSAGE_ID")
    assert [getattr(record, name) for name in fields] == ["sensor_lost", "big", SENSOR_LOST.message_id]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.name)
def test_each_kind_is_in_the_table_for_people(kind: object) -> None:
    from edged.events import EventKind  # noqa: PLC0415

    assert isinstance(kind, EventKind)
    fields = ", ".join(f"`{name}`" for name in kind.fields)
    row = f"| `{kind.name}` | `{kind.message_id}` | {kind.meaning} | {fields} |"
    assert row in _TABLE.read_text().splitlines()
