"""The worker: a fresh process that loads one model, runs it as its job says, and exits.

It reads a `Job` as JSON on standard input and writes events on standard output (see `wire.py`).
Whatever the engine prints goes to standard error.

    python -m edged.inference.worker < job.json
"""

import ctypes
import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from edged.errors import EdgedError
from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Job
from edged.inference.landlock import keep_only, python_and_libraries
from edged.inference.placement import pin
from edged.inference.refusal import RefusedError
from edged.inference.wire import decode_job, encode

if TYPE_CHECKING:
    from edged.inference.engine import Engine

# Inferences are told at least this often, and never one by one when they are short: a line costs the
# parent a wake-up on a neighbouring CPU.
_TELL_EVERY_NS = 250_000_000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    """Run the job on standard input."""
    events = _take_standard_output()
    job = decode_job(sys.stdin.buffer.read())
    try:
        _confine(job)
        _run(job, lambda event: _tell(events, event))
    except MemoryError:
        _tell(events, _out_of_memory(job))
    except EdgedError as error:
        cause = error.cause if isinstance(error, RefusedError) else "bad_model"
        _tell(events, Failed(cause, str(error)))
    except (ValueError, RuntimeError, OSError) as error:
        _tell(events, _what_failed(error, job))


def _out_of_memory(job: Job) -> Failed:
    return Failed("out_of_memory", f"it needs more than {job.memory_limit_bytes >> 20} MiB")


def _what_failed(error: Exception, job: Job) -> Failed:
    text = " ".join(str(error).split())
    # Engines say what is wrong with a broken model; ai-edge-litert 2.3 has no words for a failed malloc.
    if not text and isinstance(error, RuntimeError):
        return _out_of_memory(job)
    text = text or type(error).__name__
    cause = "out_of_memory" if "alloc" in text.lower() or "memory" in text.lower() else "bad_model"
    return Failed(cause, text)


def _take_standard_output() -> int:
    """Keep standard output for events alone: what native code prints must not get between them."""
    events = os.dup(1)
    os.set_inheritable(events, False)
    os.dup2(2, 1)
    return events


def _tell(events: int, event: Event) -> None:
    line = encode(event)
    while line:
        line = line[os.write(events, line) :]


def _confine(job: Job) -> None:
    """Pin to the cluster, end with the parent, stay within limits, and keep to what inference needs."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    pin(job.cpus)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (job.memory_limit_bytes, job.memory_limit_bytes))
    keep_only([*python_and_libraries(), job.model_path, job.input_path])


def _run(job: Job, tell: Callable[[Event], None]) -> None:
    # Native code is loaded only now, with the limits in force.
    from edged.inference.engine import load_engine  # noqa: PLC0415
    from edged.inference.file_check import check_file  # noqa: PLC0415
    from edged.inference.inputs import give_inputs  # noqa: PLC0415

    check_file(job.model_path)
    engine = load_engine(job.engine, job.delegate, job.threads, job.model_path)
    tell(engine.facts)
    give_inputs(engine, job.input_path, job.seed)
    gc.collect()
    gc.disable()
    batch: list[Inference] = []
    told_ns = time.monotonic_ns()
    for inference in _inferences(job, engine):
        batch.append(inference)
        if inference.end_ns - told_ns >= _TELL_EVERY_NS:
            tell(Inferences(tuple(batch)))
            batch.clear()
            told_ns = inference.end_ns
    if batch:
        tell(Inferences(tuple(batch)))
    time.sleep(job.guard_s)
    tell(Finished(_peak_memory_bytes()))


def _inferences(job: Job, engine: "Engine") -> Iterator[Inference]:
    for _ in range(job.warmup_runs):
        yield _infer(engine, warmup=True)
    time.sleep(job.guard_s)
    runs, busy_ns = 0, 0
    while runs < job.min_runs or busy_ns < job.min_busy_s * 1e9:
        if runs and job.pause_s:
            time.sleep(job.pause_s)
        inference = _infer(engine, warmup=False)
        runs += 1
        busy_ns += inference.end_ns - inference.start_ns
        yield inference


def _infer(engine: "Engine", *, warmup: bool) -> Inference:
    invoke, now_ns, cpu_now_ns = engine.invoke, time.monotonic_ns, time.thread_time_ns
    cpu_start_ns = cpu_now_ns()
    start_ns = now_ns()
    invoke()
    end_ns = now_ns()
    return Inference(start_ns, end_ns, cpu_now_ns() - cpu_start_ns, warmup)


def _peak_memory_bytes() -> int:
    """`VmHWM`: unlike `ru_maxrss` it does not begin with the parent's size at the fork."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
