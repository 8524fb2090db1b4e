"""What is otherwise on 32 bits: words, dates after 2038, counters beyond 2^32, files beyond 2 GiB."""

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edged.board.sysfs import Sysfs
from edged.clock import SystemClock, utc
from edged.inference.job import Inference, Inferences
from edged.inference.placement import pin
from edged.inference.wire import decode, encode
from edged.journal.reader import Wanted, read_records
from edged.schedule.quiet_hours import second_of_day
from tests.unit.exposition.facts import ENERGY, measurement
from tests.unit.journal.records import LIFE, batch, journal

# In 2038 a signed 32-bit count of seconds ends.
_AFTER_2038_S = float(1 << 32)
_LARGE = [(1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 53) + 1, (1 << 63) - 1]


def test_this_is_a_32_bit_arm_machine_with_debians_python() -> None:
    assert (platform.machine(), struct.calcsize("P"), sys.maxsize) == ("armv7l", 4, (1 << 31) - 1)
    assert sys.version_info[:2] == (3, 11)


def test_moments_after_2038_are_told_or_said_not_to_be_known() -> None:
    assert utc(_AFTER_2038_S).isoformat() == "2106-02-07T06:28:16+00:00"
    second = second_of_day(_AFTER_2038_S)
    assert second is None or 0 <= second < 86_400


def test_a_measurement_of_after_2038_is_kept_as_it_is(tmp_path: Path) -> None:
    late = replace(measurement(rails={"big": ENERGY}), finished_wall_s=_AFTER_2038_S + 0.25)
    file = journal(tmp_path / "j.db", replace(LIFE, start_wall_s=_AFTER_2038_S))
    file.resume()
    assert file.write(batch(late))
    file.close()
    (record,) = read_records(tmp_path / "j.db", Wanted())
    assert record.measurement.finished_wall_s == late.finished_wall_s


@pytest.mark.parametrize("count", _LARGE)
def test_counters_are_kept_to_the_last_digit(count: int, tmp_path: Path) -> None:
    counters = {("edged_inferences_total", frozenset({("model", "a")})): count}
    file = journal(tmp_path / "j.db")
    file.resume()
    assert file.write(batch(counters=counters))
    file.close()
    assert journal(tmp_path / "j.db", replace(LIFE, start_ns=6)).resume().counters == counters


@pytest.mark.parametrize("count", _LARGE)
def test_the_kernels_counters_are_read_to_the_last_digit(count: int, tmp_path: Path) -> None:
    # As powercap's energy_uj and a cooling device's time_in_state_ms are written.
    (tmp_path / "energy_uj").write_text(f"{count}\n")
    assert Sysfs(tmp_path).read_int("energy_uj") == count


@pytest.mark.parametrize("at_ns", _LARGE[:-1])
def test_time_stamps_of_a_worker_arrive_as_they_were(at_ns: int) -> None:
    event = Inferences((Inference(at_ns, at_ns + 1, 1, warmup=False),))
    assert decode(encode(event)) == event


def test_monotonic_time_has_nanoseconds_beyond_32_bits() -> None:
    clock = SystemClock()
    before_ns = clock.monotonic_ns()
    assert before_ns <= clock.monotonic_ns() < 1 << 63


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (0.1 + 0.2, "0.30000000000000004"),
        (1 / 3, "0.3333333333333333"),
        (2.0**53 + 2, "9007199254740994.0"),
        (5e-324, "5e-324"),
        (1.7e308, "1.7e+308"),
    ],
)
def test_figures_are_written_as_on_64_bits(figure: float, text: str) -> None:
    assert (repr(figure), float(text)) == (text, figure)


def test_files_beyond_2_gib_have_their_size(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(5 << 30)
    assert path.stat().st_size == 5 << 30
    with path.open("rb") as file:
        assert file.seek(-1, os.SEEK_END) == (5 << 30) - 1
        assert file.read() == b"\0"


def test_a_limit_of_memory_beyond_32_bits_can_be_asked_for() -> None:
    # measure.memory_limit_mib goes up to 2^20, which is 2^40 bytes.
    resource.setrlimit(resource.RLIMIT_AS, (1 << 40, resource.RLIM_INFINITY))


@pytest.fixture
def affinity() -> Iterator[set[int]]:
    before = os.sched_getaffinity(0)
    yield before
    os.sched_setaffinity(0, before)


def test_a_process_is_pinned(affinity: set[int]) -> None:
    cpu = max(affinity)
    pin([cpu])
    assert os.sched_getaffinity(0) == {cpu}


def test_the_c_library_takes_arguments_of_this_word_size() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    assert ctypes.sizeof(ctypes.c_void_p) == ctypes.sizeof(ctypes.c_long) == 4
    assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS, as the worker calls it
