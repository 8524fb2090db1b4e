"""Workers as processes of this machine, and what their end says when they could not say it themselves."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Sequence

from edged.clock import Clock
from edged.errors import in_words
from edged.inference.child_environment import child_environment
from edged.inference.job import Event, Failed, Finished, Job
from edged.inference.step_aside import StepAside
from edged.inference.wire import MAX_LINE_BYTES, WireError, decode, encode_job

_STDERR_KEPT_BYTES = 4096


class ProcessWorkers:
    """Starts a fresh process for every job.

    Args:
        clock: Real time; the worker's time limit is counted on it.
    """

    def __init__(self, clock: Clock) -> None:
        """Start nothing yet."""
        self._clock = clock
        self._aside = StepAside()

    def start(self, job: Job) -> "ProcessWorker | UnstartedWorker":
        """Start a worker on `job`."""
        try:
            return ProcessWorker(job, self._clock, self._aside)
        except OSError as error:  # too many processes or open files, too little memory
            return UnstartedWorker(Failed("crashed", f"it could not be started: {in_words(error)}"))


class UnstartedWorker:
    """A worker of which there is nothing but its failure."""

    pid: int | None = None

    def __init__(self, failure: Failed) -> None:
        """Tell the failure to who waits first."""
        self._events: tuple[Event, ...] = (failure,)

    def wait(self, timeout_s: float) -> Sequence[Event]:  # noqa: ARG002 - there is nothing to wait for
        """The failure, once."""
        events, self._events = self._events, ()
        return events

    def close(self) -> None:
        """Nothing runs."""


class ProcessWorker:
    """One worker process and the events it has sent.

    Args:
        job: What it does.
        clock: Real time.
        aside: Keeps this process off its CPUs.

    Raises:
        OSError: If the process cannot be started.
    """

    def __init__(self, job: Job, clock: Clock, aside: StepAside) -> None:
        """Start the process and hand it its job."""
        self._clock = clock
        self._job = job
        self._deadline_ns = clock.monotonic_ns() + int(job.time_limit_s * 1e9)
        self._ended = False
        self._line = bytearray()
        self._stderr = bytearray()
        self._aside = aside
        self._selector = selectors.DefaultSelector()
        self._process = subprocess.Popen(
            # -P: what lies where the daemon was started is not to be taken for a module.
            [sys.executable, "-P", "-m", "edged.inference.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
            start_new_session=True,  # Ctrl-C is for the parent, which ends its workers itself
        )
        assert self._process.stdin and self._process.stdout and self._process.stderr  # noqa: PT018, S101
        aside.make_room(job.cpus)
        for stream in (self._process.stdout, self._process.stderr):
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream.fileno(), selectors.EVENT_READ)
        self._stdout_fd = self._process.stdout.fileno()
        with contextlib.suppress(BrokenPipeError):  # if it has ended already, its exit status tells why
            self._process.stdin.write(encode_job(job))
            self._process.stdin.close()

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return None if self._ended else self._process.pid

    def wait(self, timeout_s: float) -> Sequence[Event]:
        """Events since the last call; waits for the first of them at most `timeout_s` seconds."""
        events: list[Event] = []
        until_ns = self._clock.monotonic_ns() + int(timeout_s * 1e9)
        while not self._ended and not events:
            now_ns = self._clock.monotonic_ns()
            if now_ns >= self._deadline_ns:
                limit_s = self._job.time_limit_s
                events.append(self._end(Failed("timed_out", f"it had not finished after {limit_s:g} s")))
                break
            wait_s = (min(until_ns, self._deadline_ns) - now_ns) / 1e9
            for key, _ in self._selector.select(max(0.0, wait_s)):
                if not self._ended:
                    self._take(key.fd, events)
            if now_ns >= until_ns:
                break
        return events

    def close(self) -> None:
        """End the process and everything it started; nothing happens once that is done."""
        if self._ended:
            return  # its number may be another process' by now
        self._ended = True
        self._aside.come_back(self._job.cpus)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._selector.close()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def _take(self, descriptor: int, events: list[Event]) -> None:
        block = os.read(descriptor, 1 << 16)
        if not block:
            self._selector.unregister(descriptor)
            if descriptor == self._stdout_fd and not self._ended:
                events.append(self._end(self._cause_of_death()))
        elif descriptor == self._stdout_fd:
            self._line += block
            self._split_lines(events)
        else:
            self._stderr = (self._stderr + block)[-_STDERR_KEPT_BYTES:]

    def _split_lines(self, events: list[Event]) -> None:
        *lines, rest = self._line.split(b"\n")
        self._line = rest
        try:
            if len(rest) > MAX_LINE_BYTES:
                raise WireError("a line never ends")
            for line in lines:
                events.append(event := decode(bytes(line)))
                if isinstance(event, Failed | Finished):
                    self._end(event)
                    return
        except WireError as error:
            events.append(self._end(Failed("protocol", f"the worker does not keep to its protocol: {error}")))

    def _end(self, event: Event) -> Event:
        self.close()
        return event

    def _cause_of_death(self) -> Failed:
        try:
            status = self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            return Failed("crashed", "it closed its output but went on running")
        said = self._last_words()
        if "bad_alloc" in said or "MemoryError" in said or "Cannot allocate memory" in said:
            return Failed("out_of_memory", f"it needs more than {self._job.memory_limit_bytes >> 20} MiB")
        if status == -signal.SIGKILL:
            return Failed("out_of_memory", "it was killed, most likely for want of memory")
        how = f"signal {_signal_name(-status)}" if status < 0 else f"exit code {status}"
        return Failed("crashed", f"it ended with {how}" + (f": {said}" if said else ""))

    def _last_words(self) -> str:
        stream = self._process.stderr
        if stream and not stream.closed:
            with contextlib.suppress(OSError):
                self._stderr += os.read(stream.fileno(), 1 << 16)
        lines = self._stderr.decode(errors="replace").strip().splitlines()
        return " ".join(lines[-1].split())[:200] if lines else ""


def _signal_name(number: int) -> str:
    """`SIGSEGV`; of real-time signals only the first and the last have a name of their own."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
