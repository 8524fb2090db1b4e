"""Simulated sensors round real inference: a real worker's CPU time drives the simulated board.

```
 real worker ──▶ its CPU clock ──▶ busy share ──▶ simulated power, heat and sensors ──▶ files
```

A thread lets the board follow real time, about 4 ms behind it. In each step it asks how much CPU time each
worker has used since the step before, and has the board spend just that: so the true energy belongs to the
real inferences, to within one step at their ends.

Simulated cooling slows nothing real. When the simulated kernel throttles, sysfs shows it and the power
follows the lower clock, but the inference goes on at this machine's speed.
"""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from edged.inference.job import Event, Job, Worker
from edged.simulation.board import SimulatedBoard

STEP_S = 0.004


class ProcessWorker(Worker, Protocol):
    """A worker that is a process of this machine."""

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        ...


class ProcessWorkers(Protocol):
    """Where workers with a process come from."""

    def start(self, job: Job) -> ProcessWorker:
        """Start a fresh worker on `job`."""
        ...


class ObservedWorkers:
    """Implements `edged.inference.job.Workers`: real workers, watched by a simulated board.

    Args:
        board: The board; its clock must stand at the present monotonic time of this machine, and belongs to
            this object's thread from now on.
        workers: Where the real workers come from.
        cpus: CPUs of this machine to stand in for those of the simulated board.
    """

    def __init__(self, board: SimulatedBoard, workers: ProcessWorkers, cpus: Sequence[int]) -> None:
        """Let the board follow real time at once."""
        self._workers = workers
        self._cpus = tuple(cpus)
        self._follower = _Follower(board)

    def start(self, job: Job) -> "ObservedWorker":
        """Start a real worker; the job's CPUs are those of the simulated board."""
        real = tuple(dict.fromkeys(self._cpus[cpu % len(self._cpus)] for cpu in job.cpus))
        worker = self._workers.start(replace(job, cpus=real))
        self._follower.watch(worker, job.cpus)
        return ObservedWorker(worker, self._follower)

    def close(self) -> None:
        """Let the board follow no longer."""
        self._follower.close()


class ObservedWorker:
    """A real worker whose CPU time the simulated board spends."""

    def __init__(self, worker: ProcessWorker, follower: "_Follower") -> None:
        """The board watches already."""
        self._worker = worker
        self._follower = follower

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._worker.pid

    def wait(self, timeout_s: float) -> Sequence[Event]:
        """Events since the last call; waits for the first of them at most `timeout_s` seconds."""
        return self._worker.wait(timeout_s)

    def close(self) -> None:
        """End the worker; its CPUs of the board are idle from then on."""
        self._worker.close()
        self._follower.forget(self._worker)


class _Follower:
    """The thread that moves the board."""

    def __init__(self, board: SimulatedBoard) -> None:
        self._board = board
        # Whose CPU time the board spends, on which of its CPUs; replaced as a whole.
        self._watched: Mapping[ProcessWorker, tuple[int, ...]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="simulated board", daemon=True)
        self._thread.start()

    def watch(self, worker: ProcessWorker, cpus: Sequence[int]) -> None:
        self._watched = {**self._watched, worker: tuple(cpus)}

    def forget(self, worker: ProcessWorker) -> None:
        self._watched = {each: cpus for each, cpus in self._watched.items() if each is not worker}

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _follow(self) -> None:
        used_ns: dict[ProcessWorker, int] = {}
        shares: dict[int, float] = {}
        while not self._stop.wait(STEP_S):
            watched = self._watched
            now_ns = time.monotonic_ns()
            elapsed_ns = now_ns - self._board.clock.monotonic_ns()
            spent: dict[int, float] = {}
            if elapsed_ns > 0:
                before_ns, used_ns = used_ns, _cpu_times_ns(watched)
                for worker, cpu_ns in used_ns.items():
                    spent |= _spread(cpu_ns - before_ns.get(worker, 0), elapsed_ns, watched[worker])
            for cpu in shares.keys() | spent.keys():
                if shares.get(cpu, 0.0) != spent.get(cpu, 0.0):
                    self._board.set_busy(cpu, spent.get(cpu, 0.0))
            shares = spent
            self._board.advance(now_ns)


def _cpu_times_ns(workers: Iterable[ProcessWorker]) -> dict[ProcessWorker, int]:
    """CPU time that each worker's process has used; without those that have no process."""
    times_ns = ((worker, _cpu_time_ns(worker)) for worker in workers)
    return {worker: used_ns for worker, used_ns in times_ns if used_ns is not None}


def _cpu_time_ns(worker: ProcessWorker) -> int | None:
    """CPU time that a worker's process has used; None while there is no process."""
    pid = worker.pid
    if pid is None:
        return None
    try:
        # The kernel's CPU clock of another process: clock_getcpuclockid(3) makes the same number.
        return time.clock_gettime_ns((~pid << 3) | 2)
    except OSError:
        return None


def _spread(used_ns: int, elapsed_ns: int, cpus: Sequence[int]) -> dict[int, float]:
    """Busy share of each CPU: as many as needed are busy, one after the other."""
    left = used_ns / elapsed_ns
    shares = {}
    for cpu in cpus:
        shares[cpu] = min(1.0, max(0.0, left))
        left -= shares[cpu]
    return shares
