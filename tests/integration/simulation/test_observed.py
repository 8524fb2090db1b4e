"""A simulated board round real processes of this machine."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from edged.inference.job import Event, Job
from edged.simulation.board import SimulatedBoard
from edged.simulation.clock import VirtualClock
from edged.simulation.observed import STEP_S, ObservedWorkers
from tests.unit.simulation.boards import a_job

# Burns the given CPU time, says when it has, and stays until it is ended.
BURN = """
import os, sys, time
os.sched_setaffinity(0, [int(cpu) for cpu in sys.argv[2].split(",")])
while time.process_time() < float(sys.argv[1]):
    pass
print(time.process_time(), flush=True)
time.sleep(60)
"""


class Burner:
    """A worker that is a real process and only burns CPU time."""

    def __init__(self, job: Job, cpu_s: float) -> None:
        self.job = job
        self._process = subprocess.Popen(
            [sys.executable, "-c", BURN, str(cpu_s), ",".join(map(str, job.cpus))],
            stdout=subprocess.PIPE,
        )

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process.poll() is None else None

    def wait(self, timeout_s: float) -> Sequence[Event]:
        time.sleep(timeout_s)
        return []

    def burnt_s(self) -> float:
        assert self._process.stdout
        return float(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


class Burners:
    def __init__(self) -> None:
        self.started: list[Burner] = []

    def start(self, job: Job) -> Burner:
        self.started.append(Burner(job, 0.3))
        return self.started[-1]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    board = SimulatedBoard("xu3", tmp_path, VirtualClock(time.monotonic_ns()))
    yield board
    board.close()


def catch_up(board: SimulatedBoard) -> None:
    """Wait until the board, which is a step behind, has lived through the present moment."""
    now_ns = time.monotonic_ns()
    while board.clock.monotonic_ns() <= now_ns:
        time.sleep(STEP_S)


@pytest.mark.parametrize(("cpus", "rail", "core_w"), [((7,), "big", 1.7), ((3,), "little", 0.17)])
def test_the_true_energy_is_that_of_the_workers_cpu_time(
    cpus: tuple[int, ...], rail: str, core_w: float, board: SimulatedBoard
) -> None:
    start_ns = board.clock.monotonic_ns()
    real = sorted(os.sched_getaffinity(0))
    burners = Burners()
    workers = ObservedWorkers(board, burners, real)
    worker = workers.start(a_job(cpus=cpus))
    burner = burners.started[0]
    assert set(burner.job.cpus) <= set(real)
    used_s = burner.burnt_s()
    catch_up(board)
    truth = board.truth(start_ns, board.clock.monotonic_ns())
    worker.close()
    workers.close()
    # Beside what it told, the process has spent a moment on telling it.
    assert truth[rail].net_j == pytest.approx(core_w * used_s, rel=0.05)
    other = "little" if rail == "big" else "big"
    assert truth[other].net_j == pytest.approx(0.0, abs=1e-9)


def test_a_closed_worker_leaves_the_board_idle(board: SimulatedBoard) -> None:
    burners = Burners()
    workers = ObservedWorkers(board, burners, sorted(os.sched_getaffinity(0)))
    worker = workers.start(a_job())
    assert worker.pid is not None
    burners.started[0].burnt_s()
    worker.close()
    assert worker.pid is None
    catch_up(board)
    workers.close()
    assert board.soc.load.busy_ns(board.clock.monotonic_ns())[7] > 0.29e9
    assert board.soc.load.total(7) == 0.0


def test_two_workers_at_once_are_both_spent_whichever_ends_first(board: SimulatedBoard) -> None:
    start_ns = board.clock.monotonic_ns()
    burners = Burners()
    workers = ObservedWorkers(board, burners, sorted(os.sched_getaffinity(0)))
    big, little = (workers.start(a_job(cpus=cpus)) for cpus in ((7,), (3,)))
    workers.start(a_job(cpus=(6,))).close()
    used_s = [burner.burnt_s() for burner in burners.started[:2]]
    catch_up(board)
    truth = board.truth(start_ns, board.clock.monotonic_ns())
    for worker in (big, little):
        worker.close()
    workers.close()
    assert truth["big"].net_j == pytest.approx(1.7 * used_s[0], rel=0.15)
    assert truth["little"].net_j == pytest.approx(0.17 * used_s[1], rel=0.05)
