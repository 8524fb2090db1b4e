"""Another machine in the network of a container, that scrapes it."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.system.ansible.network import network
from tests.system.container.machine import Machine

_SCRAPE = (
    "import sys, urllib.request\n"
    "open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open\n"
    "print(open(sys.argv[1], timeout=60).read().decode())"
)


@contextmanager
def neighbour(machine: Machine) -> Iterator[Callable[[], str]]:
    """A machine beside it: what it is answered at /metrics, or why it is not."""
    with network() as net:
        address = net.connect(1, machine.leader)

        def scrape() -> str:
            command = net.command("/usr/bin/python3", "-c", _SCRAPE, f"http://{address}:10231/metrics")
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            return done.stdout or done.stderr

        try:
            yield scrape
        finally:
            net.disconnect(1)
