"""Which CPUs of a cluster a worker gets."""

import os
import subprocess
import sys

import pytest

from edged.board.parts import CpuCluster
from edged.errors import UsageError
from edged.inference.placement import pin, place
from edged.inference.refusal import RefusedError

BIG = CpuCluster(name="big", core="Cortex-A15", cpus=(4, 5, 6, 7))


def test_without_a_choice_it_is_the_last_cpu() -> None:
    assert place(BIG, threads=1) == (7,)


def test_the_chosen_cpu_is_taken() -> None:
    assert place(BIG, threads=1, first_cpu=5) == (5,)


def test_threads_get_a_cpu_each_while_there_are_any() -> None:
    assert place(BIG, threads=2) == (6, 7)
    assert place(BIG, threads=2, first_cpu=4) == (4, 7)
    assert place(BIG, threads=9) == (4, 5, 6, 7)
    assert place(BIG, threads=9, first_cpu=5) == (4, 5, 6, 7)


def test_a_cpu_of_another_cluster_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as refusal:
        place(BIG, threads=1, first_cpu=0)
    assert refusal.value.where == "clusters.big.cpu"
    assert "4, 5, 6, 7" in refusal.value.remedy


@pytest.mark.parametrize(
    ("cpus", "told"),
    [({8000}, "CPU 8000 cannot be pinned to: it is offline"), ({8000, 8001}, "CPUs 8000-8001 cannot")],
)
def test_cpus_that_are_not_there_are_told_as_what_they_are(cpus: set[int], told: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        pin(cpus)
    assert refusal.value.cause == "placement"
    assert told in refusal.value.what
    assert "/sys/devices/system/cpu/online" in refusal.value.remedy


def test_one_cpu_of_two_is_not_enough() -> None:
    # In a process of its own, which the kernel leaves on the one that is there.
    script = f"from edged.inference.placement import pin; pin({{{min(os.sched_getaffinity(0))}, 8000}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "RefusedError: CPU 8000 cannot be pinned to" in done.stderr


def test_a_forbidden_call_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int, __: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    with pytest.raises(RefusedError) as refusal:
        pin({0})
    assert refusal.value.what == "CPU 0 cannot be pinned to: Operation not permitted"
    assert "SystemCallFilter=" in refusal.value.remedy
