"""Which CPUs a worker is pinned to, and the pinning itself."""

import os
from collections.abc import Collection

from edged.board.cpu_list import format_cpu_list
from edged.board.parts import CpuCluster
from edged.errors import UsageError
from edged.inference.refusal import RefusedError


def place(cluster: CpuCluster, threads: int, first_cpu: int | None = None) -> tuple[int, ...]:
    """The CPUs for a worker with that many threads.

    Without a choice they are the cluster's last ones: the kernel serves most interrupts on its first.

    Args:
        cluster: Where it is to run.
        threads: Threads of the engine; each gets a CPU as long as there are any.
        first_cpu: The CPU chosen in the configuration, if any; further threads take the cluster's others.

    Raises:
        UsageError: If the chosen CPU is not one of the cluster's.
    """
    if first_cpu is None:
        return cluster.cpus[-threads:]
    if first_cpu not in cluster.cpus:
        known = ", ".join(str(cpu) for cpu in cluster.cpus)
        raise UsageError(
            f"CPU {first_cpu} is not one of the CPU cluster {cluster.name}",
            where=f"clusters.{cluster.name}.cpu",
            remedy=f"choose one of {known}",
        )
    others = [cpu for cpu in reversed(cluster.cpus) if cpu != first_cpu]
    return tuple(sorted([first_cpu, *others[: threads - 1]]))


def pin(cpus: Collection[int]) -> None:
    """Have this process run on these CPUs, and on no other.

    Raises:
        RefusedError: If one of them cannot be had: whatever ran elsewhere would not be a measurement of them.
    """
    refusal = ""
    try:
        os.sched_setaffinity(0, cpus)
    except OSError as error:
        # EINVAL: none of them is there. Any other error is the kernel's no, as from a filter of system calls.
        refusal = error.strerror or "" if isinstance(error, PermissionError) else ""
        missing = set(cpus)
    else:
        # The kernel leaves out those that it cannot give, and says nothing.
        missing = set(cpus) - os.sched_getaffinity(0)
    if missing:
        one = len(missing) == 1
        what = f"CPU{'' if one else 's'} {format_cpu_list(missing)} cannot be pinned to"
        if refusal:
            what += f": {refusal}"
            remedy = "let edged call sched_setaffinity (SystemCallFilter= of edged.service)"
        else:
            what += f": {'it is' if one else 'they are'} offline, not there, or not given to edged"
            remedy = (
                "compare /sys/devices/system/cpu/online, AllowedCPUs= of edged.service and clusters.NAME.cpu "
                "of edged.toml"
            )
        raise RefusedError("placement", what, remedy=remedy)
