"""From where the three servers can be reached."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.system.compose.scene import ALERTMANAGER, GRAFANA, MACHINE_ADDRESS, PROMETHEUS, Scene
from tests.system.stack.checkout import steps
from tests.system.stack.servers import wait_for

_PATIENCE_S = 120.0
_PATHS = {PROMETHEUS: "/-/ready", ALERTMANAGER: "/-/ready", GRAFANA: "/api/health"}


@pytest.mark.parametrize("server", [PROMETHEUS, ALERTMANAGER, GRAFANA])
def test_a_server_answers_at_this_machine_s_own_address_only(running: Scene, server: str) -> None:
    url, port = server + _PATHS[server], server.rpartition(":")[2]
    wait_for(lambda: running.machine.fetch(url) is not None, _PATIENCE_S, f"{url} answers")
    listeners = running.machine.output("ss", "--listening", "--tcp", "--numeric", "--no-header").splitlines()
    addresses = [line.split()[3] for line in listeners]
    assert [each for each in addresses if each.endswith(f":{port}")] == [f"127.0.0.1:{port}"]
    for place in (running.machine, running.board):
        assert place.fetch(url.replace("127.0.0.1", MACHINE_ADDRESS)) is None


def test_a_neighbour_who_means_harm_is_kept_out_by_new_docker_or_by_readme_s_rule(running: Scene) -> None:
    wait_for(
        lambda: running.machine.fetch(f"{PROMETHEUS}/-/ready") is not None, _PATIENCE_S, "Prometheus answers"
    )
    (network,) = running.inspect("prometheus")["NetworkSettings"]["Networks"].values()
    url = f"http://{network['IPAddress']}:9090/-/ready"
    version = running.engine.docker("version", "--format", "{{.Server.Version}}").stdout
    (rule,) = (step for step in steps("Containers") if step.startswith("iptables "))
    with neighbour_with_a_route(running, f"{network['IPAddress']}/32"):
        assert (running.board.fetch(url, patience_s=5) is not None) == (int(version.split(".")[0]) < 28)
        running.machine.do(*shlex.split(rule))
        try:
            assert running.board.fetch(url, patience_s=5) is None
            assert running.machine.fetch(f"{PROMETHEUS}/-/ready") is not None
            # What Prometheus itself begins comes back to it.
            assert running.inside("prometheus", f"wget -qO- http://{MACHINE_ADDRESS}:10231/metrics")
        finally:
            running.machine.do(*shlex.split(rule.replace(" -I ", " -D ")))


@contextmanager
def neighbour_with_a_route(running: Scene, to: str) -> Iterator[None]:
    """The board's machine sends what is for a container to the machine with the containers."""
    running.board.do("ip", "route", "add", to, "via", MACHINE_ADDRESS)
    try:
        yield
    finally:
        running.board.do("ip", "route", "del", to)
