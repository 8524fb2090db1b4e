"""apt and dpkg in the container, as a person without a terminal uses them."""

from tests.system.container.machine import Machine, Result

# Where apt is told of the packages.
SOURCE = "/etc/apt/sources.list.d/edged.list"
CONFIGURATION = "/etc/edged/edged.toml"
# What who upgrades many machines has apt do where both they and the package changed the configuration.
KEEP = ("--option=Dpkg::Options::=--force-confdef", "--option=Dpkg::Options::=--force-confold")
_LIMIT_S = 900.0


def apt(machine: Machine, *words: str) -> Result:
    """Run apt-get; it must succeed. Nobody is there to answer a question."""
    environment = ("/usr/bin/env", "DEBIAN_FRONTEND=noninteractive")
    result = machine.run(*environment, "apt-get", "--quiet", "--yes", *words, timeout_s=_LIMIT_S)
    assert result.code == 0, f"apt-get {' '.join(words)}:\n{result.out[-3000:]}{result.err[-3000:]}"
    return result


def install(machine: Machine, version: str, *options: str) -> Result:
    """Install this version of edged, a newer or an older one than is there."""
    return apt(machine, "install", "--allow-downgrades", *options, f"edged={version}")


def state(machine: Machine) -> str:
    """What dpkg knows of edged: "install ok installed 0.1.0"."""
    return machine.run("dpkg-query", "--show", "--showformat=${Status} ${Version}", "edged").out
