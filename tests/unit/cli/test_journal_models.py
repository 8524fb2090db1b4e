"""Models that are asked for by --model."""

from dataclasses import replace
from pathlib import Path

import pytest

from edged.cli.journal_models import journal_models
from edged.journal.reader import Wanted, read_records
from edged.measurement.result import Case
from tests.unit.exposition.facts import SMALL, measurement
from tests.unit.journal.records import batch, journal

NAMES = ("[ab]", "a", "b*", "b1", "[/foo]")


@pytest.mark.parametrize(
    ("asked", "found"),
    [("[ab]", {"[ab]", "a"}), ("[/foo]", {"[/foo]"}), ("b?", {"b*", "b1"}), ("c", set()), ("b1", {"b1"})],
)
def test_a_name_is_found_as_it_is_and_as_a_pattern(asked: str, found: set[str], tmp_path: Path) -> None:
    written = journal(tmp_path / "j.db")
    written.write(batch(*(measurement(Case(replace(SMALL, name=name), "big")) for name in NAMES)))
    written.close()
    records = read_records(tmp_path / "j.db", Wanted(models=journal_models((asked,))))
    assert {each.measurement.case.model.name for each in records} == found
