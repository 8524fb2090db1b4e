import pytest

from edged.simulation.work import Done, Work


def work_of(nominal_ns: float, cpus: tuple[int, ...] = (7,)) -> Work:
    return Work("big", cpus, 1000, nominal_ns, lambda _: None)


def test_at_full_speed_it_takes_its_nominal_time() -> None:
    work = work_of(500)
    assert work.set_pace(1000, 1.0, 1.0)
    assert work.due_ns == 1500
    assert work.finish(1500) == Done(1000, 1500, 500)


def test_a_lower_clock_in_the_middle_stretches_the_rest() -> None:
    work = work_of(500)
    work.set_pace(1000, 1.0, 1.0)
    work.set_pace(1250, 0.5, 1.0)
    assert work.due_ns == 1750
    assert work.finish(1750) == Done(1000, 1750, 750)


def test_a_neighbour_on_the_cpu_costs_wall_time_and_no_cpu_time() -> None:
    work = work_of(500)
    work.set_pace(1000, 1.0, 0.5)
    assert work.finish(work.due_ns) == Done(1000, 2000, 500)


def test_the_same_pace_again_is_no_news() -> None:
    work = work_of(500)
    work.set_pace(1000, 0.9, 1.0)
    assert not work.set_pace(1100, 0.9, 1.0)


def test_more_threads_are_faster_but_not_in_proportion() -> None:
    single, double = work_of(1000), work_of(1000, (6, 7))
    for work in (single, double):
        work.set_pace(1000, 1.0, 1.0)
    assert single.due_ns - 1000 == pytest.approx(1.85 * (double.due_ns - 1000), abs=1)
