"""The energy counter of a CPU package."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.parts import PowercapZone
from edged.power.rapl import RaplCounter
from edged.power.reading import Rail
from edged.power.sensor import Failure, SensorError
from tests.unit.power.trees import SteppingClock, fresh_root, write_attributes

MAX_UJ = 262_143_328_850
PATH = "sys/class/powercap/intel-rapl:0"
RAIL = Rail("package-0", "rapl package-0", "rapl", PATH)


def opened(root: Path, clock: SteppingClock, *, energy: str = "1000", max_uj: int = MAX_UJ) -> RaplCounter:
    write_attributes(root / PATH, {"name": "package-0", "energy_uj": energy})
    counter = RaplCounter(PowercapZone("package-0", PATH, max_uj), RAIL, clock, root=root)
    counter.reopen()
    return counter


def count(root: Path, energy: int) -> None:
    (root / PATH / "energy_uj").write_text(f"{energy}\n")


def failure_of(counter: RaplCounter) -> SensorError:
    with pytest.raises(SensorError) as caught:
        counter.read()
    return caught.value


def test_it_counts_from_its_first_reading(tmp_path: Path) -> None:
    clock = SteppingClock()
    counter = opened(tmp_path, clock)
    assert counter.read().energy_uj == 0
    clock.sleep(1.0)
    count(tmp_path, 15_001_000)
    reading = counter.read()
    assert (reading.at_ns, reading.energy_uj) == (2_000_000_000, 15_000_000)


def test_it_goes_on_when_the_counter_goes_round(tmp_path: Path) -> None:
    clock = SteppingClock()
    counter = opened(tmp_path, clock, energy=str(MAX_UJ - 400))
    counter.read()
    clock.sleep(1.0)
    count(tmp_path, 600)
    assert counter.read().energy_uj == 1_000


@given(
    steps=st.lists(st.integers(0, 100_000_000), min_size=1, max_size=20),
    start=st.integers(0, 100_000_000 - 1),
)
def test_it_counts_what_was_used_however_often_the_counter_goes_round(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], start: int
) -> None:
    root = fresh_root(tmp_path_factory)
    clock = SteppingClock()
    small = 100_000_001
    counter = opened(root, clock, energy=str(start), max_uj=small)
    counter.read()
    used = 0
    for step in steps:
        clock.sleep(1.0)
        used += step
        count(root, (start + used) % small)
        assert counter.read().energy_uj == used
    counter.close()


def test_a_counter_that_was_set_back_is_no_enormous_energy(tmp_path: Path) -> None:
    clock = SteppingClock()
    counter = opened(tmp_path, clock, energy="5000000000")
    before = counter.read()
    clock.sleep(1.0)
    count(tmp_path, 10)
    assert failure_of(counter).kind is Failure.INVALID
    clock.sleep(1.0)
    count(tmp_path, 20)
    assert counter.read().energy_uj == before.energy_uj  # a new beginning
    clock.sleep(1.0)
    count(tmp_path, 50)
    assert counter.read().energy_uj == before.energy_uj + 30


@pytest.mark.parametrize("content", ["", "text", "-1", "1e9", str(MAX_UJ + 1), "9" * 30])
def test_what_is_no_count_is_invalid(tmp_path: Path, content: str) -> None:
    assert failure_of(opened(tmp_path, SteppingClock(), energy=content)).kind is Failure.INVALID


def test_what_only_root_may_read_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = opened(tmp_path, SteppingClock())
    real = os.open

    def refusing(path: Path, *more: int) -> int:
        if Path(path).name == "energy_uj":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *more)

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(SensorError, match="EACCES") as caught:
        counter.reopen()
    assert "root" in caught.value.remedy
    assert failure_of(counter).kind is Failure.GONE


def test_a_zone_that_has_become_another_is_gone(tmp_path: Path) -> None:
    counter = opened(tmp_path, SteppingClock())
    (tmp_path / PATH / "name").write_text("psys\n")
    with pytest.raises(SensorError, match="psys") as caught:
        counter.reopen()
    assert caught.value.kind is Failure.GONE


def test_a_zone_that_is_not_there_is_gone(tmp_path: Path) -> None:
    counter = RaplCounter(PowercapZone("package-0", PATH, MAX_UJ), RAIL, SteppingClock(), root=tmp_path)
    with pytest.raises(SensorError) as caught:
        counter.reopen()
    assert caught.value.kind is Failure.GONE
