"""Which CPUs of a cluster a worker gets."""

import pytest

from edged.board.parts import CpuCluster
from edged.errors import UsageError
from edged.inference.placement import place

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
