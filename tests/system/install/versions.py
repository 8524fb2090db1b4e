"""Next versions of what is unpacked on the board."""

import shlex

from edged import __version__
from tests.system.container.install import CHECKOUT
from tests.system.container.machine import Machine

# Edits, run in the directory of the version: it ends at once, saying why; or it never says that it is ready.
ENDS_AT_ONCE = """echo 'raise SystemExit("this version cannot start")' >> edged/cli/run.py"""
NEVER_READY = """sed -i 's/self._send("READY=1")/pass/' edged/daemon/notify.py"""
# systemd gives a start 20 minutes, and install.sh 5.
SOON_GIVEN_UP = "sed -i 's/^TimeoutStartSec=.*/TimeoutStartSec=10s/' systemd/edged.service"


def unpack_version(machine: Machine, version: str, *edits: str) -> str:
    """Unpack a version on the board, beside the first one.

    Returns:
        Where it lies.
    """
    place = f"/srv/edged-{version}"
    script = [
        f"cp -r {CHECKOUT} {place} && cd {place}",
        f"sed -i 's/{__version__}/{version}/' pyproject.toml edged/__init__.py",
        *edits,
    ]
    machine.ask("sh", "-euc", "\n".join(script))
    return place


def installed(machine: Machine) -> list[str]:
    """The releases on the board, the one in use first."""
    in_use = machine.ask("readlink", "--canonicalize", "/opt/edged").rpartition("/")[2]
    there = machine.ask("sh", "-c", "cd /opt/edged-releases && ls -d *-*").split()
    return [in_use, *(name for name in there if name != in_use)]


def version_that_runs(machine: Machine) -> str:
    """The version that the service serves."""
    script = (
        "import urllib.request\n"
        "page = urllib.request.urlopen('http://127.0.0.1:10231/metrics', timeout=60).read().decode()\n"
        "print([line for line in page.splitlines() if line.startswith('edged_build_info')][0])"
    )
    line = machine.ask("python3", "-c", script)
    labels = dict(
        part.split("=", 1)
        for part in shlex.split(line[line.index("{") + 1 : line.index("}")].replace(",", " "))
    )
    return labels["version"]
