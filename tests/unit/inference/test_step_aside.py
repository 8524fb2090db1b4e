"""This process keeps off the CPUs of its workers, however many there are."""

import os

import pytest

from edged.inference.step_aside import StepAside

ALL = set(range(8))


@pytest.fixture
def affinity(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """Where this process has been allowed to run, the newest last."""
    seen = [ALL]
    monkeypatch.setattr(os, "listdir", lambda _: ["1"])
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: seen[-1])
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, cpus: seen.append(set(cpus)))
    return seen


def test_it_comes_back_from_one_worker(affinity: list[set[int]]) -> None:
    aside = StepAside()
    aside.make_room((7,))
    aside.come_back((7,))
    assert affinity == [ALL, ALL - {7}, ALL]


@pytest.mark.parametrize(("first", "second"), [(7, 3), (3, 7)])
def test_of_two_workers_the_one_that_still_runs_keeps_its_cpu(
    affinity: list[set[int]], first: int, second: int
) -> None:
    aside = StepAside()
    aside.make_room((7,))
    aside.make_room((3,))
    aside.come_back((first,))
    aside.come_back((second,))
    assert affinity == [ALL, ALL - {7}, ALL - {3, 7}, ALL - {second}, ALL]


def test_it_stays_where_workers_have_all_cpus(affinity: list[set[int]]) -> None:
    aside = StepAside()
    aside.make_room(range(4))
    aside.make_room(range(4, 8))
    aside.come_back(range(4))
    aside.come_back(range(4, 8))
    assert affinity == [ALL, set(range(4, 8)), ALL, set(range(4)), ALL]


def test_what_somebody_allows_between_two_workers_holds(affinity: list[set[int]]) -> None:
    aside = StepAside()
    aside.make_room((7,))
    aside.come_back((7,))
    affinity.append({0, 1, 7})
    aside.make_room((7,))
    aside.come_back((7,))
    assert affinity[-2:] == [{0, 1}, {0, 1, 7}]
