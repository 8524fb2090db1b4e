"""Which CPUs a worker is pinned to."""

from edged.board.parts import CpuCluster
from edged.errors import UsageError


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
