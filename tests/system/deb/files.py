"""What is on a machine's disk and in its /run: to see what a package left behind."""

from tests.system.container.machine import Machine

# What is the kernel's, or the checks' own.
_NOT_LOOKED_AT = ("/proc", "/sys", "/dev", "/srv/packages")


def listing(machine: Machine) -> dict[str, str]:
    """Every file by its path: its type, mode, owner and group, and where a link points to."""
    prune = " -o ".join(f"-path {path}" for path in _NOT_LOOKED_AT)
    script = f"find / \\( {prune} \\) -prune -o -printf '%p\\t%y %m %u:%g %l\\n'"
    lines = machine.ask("sh", "-c", script).splitlines()
    return dict(line.split("\t", 1) for line in lines)
