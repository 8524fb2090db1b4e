"""What is in the containers runs, sees its files and its neighbours, and may do nothing else."""

import pytest

from tests.system.compose.scene import ALERTMANAGER, BOARD_ADDRESS, MACHINE_ADDRESS, PROMETHEUS, Scene
from tests.system.stack.checkout import PROJECT
from tests.system.stack.containers import services
from tests.system.stack.servers import wait_for

_PATIENCE_S = 240.0
# A group's first evaluation is up to its interval away; ten minutes is the longest that ships.
_RAREST_RULES_S = 600.0
_SERVICES = ("prometheus", "alertmanager", "grafana")


def test_every_container_is_well_by_its_health_check(running: Scene) -> None:
    assert set(services(running.stack)) == set(_SERVICES)
    wait_for(running.healthy, _PATIENCE_S, "every container is well")


def test_boards_are_scraped_with_and_without_a_certificate_and_a_password(running: Scene) -> None:
    good = {"xu3-attic": 1.0, "xu4-shed": 1.0}
    wait_for(lambda: running.values("up") == {**good, "off": 0.0}, _PATIENCE_S, "both boards are up")
    wait_for(
        lambda: set(running.values("edged_rail_power_watts{rail='big'}")) == set(good),
        _PATIENCE_S,
        "both boards have watts",
    )
    targets = running.ask(f"{PROMETHEUS}/api/v1/targets?state=active")["data"]["activeTargets"]
    urls = {each["labels"]["instance"]: each["scrapeUrl"] for each in targets}
    assert urls["xu3-attic"] == f"http://{MACHINE_ADDRESS}:10231/metrics"
    assert urls["xu4-shed"] == f"https://{BOARD_ADDRESS}:10231/metrics"


def test_a_board_with_a_password_answers_nobody_without_it(running: Scene) -> None:
    ca = str(running.stack / "secrets/prometheus/boards-ca.pem")
    url = f"https://{BOARD_ADDRESS}:10231/metrics"
    password = (running.stack / "secrets/prometheus/boards-password").read_text().strip()
    assert running.machine.fetch(url, ca=ca) is None
    assert running.machine.fetch(url, ca=ca, user=f"prometheus:{password}")


def test_rules_are_loaded_and_evaluated(running: Scene) -> None:
    def evaluated() -> bool:
        answer = running.ask(f"{PROMETHEUS}/api/v1/rules")
        rules = [rule for group in answer["data"]["groups"] for rule in group["rules"]] if answer else []
        assert [rule["name"] for rule in rules if rule["health"] == "err"] == []
        return len(rules) > 30 and all(rule["health"] == "ok" for rule in rules)

    wait_for(evaluated, _RAREST_RULES_S + _PATIENCE_S, "every rule was evaluated")


def test_the_readme_s_check_finds_nothing_wrong(running: Scene) -> None:
    command = "docker compose exec prometheus promtool check config /etc/prometheus/prometheus.yml"
    readme = (PROJECT / "deploy/stack/README.md").read_text(encoding="utf-8")
    assert command in readme.replace("\n", " ")
    # Without a terminal, exec asks for -T.
    said = running.follow(command.replace("exec", "exec -T"))
    assert "SUCCESS: 2 rule files found" in said


def test_services_find_each_other_by_name(running: Scene) -> None:
    def known() -> bool:
        answer = running.ask(f"{PROMETHEUS}/api/v1/alertmanagers")
        urls = [each["url"] for each in answer["data"]["activeAlertmanagers"]] if answer else []
        return urls == ["http://alertmanager:9093/api/v2/alerts"]

    wait_for(known, _PATIENCE_S, "Prometheus knows Alertmanager")
    wait_for(lambda: running.ask(f"{ALERTMANAGER}/api/v2/status") is not None, _PATIENCE_S, "it answers")
    for name in ("PROMETHEUS", "ALERTMANAGER"):
        # The addresses that Grafana's data sources have.
        assert running.inside("grafana", f"sh -c 'wget -qO- $EDGED_{name}_URL/-/ready'")


@pytest.mark.parametrize(
    ("service", "user"), [("prometheus", "65534"), ("alertmanager", "65534"), ("grafana", "472")]
)
def test_nothing_runs_as_root_or_may_become_it(running: Scene, service: str, user: str) -> None:
    status = dict(line.split(":\t", 1) for line in running.inside(service, "cat /proc/1/status").splitlines())
    assert status["Uid"].split() == [user] * 4
    assert {status[name] for name in ("CapEff", "CapPrm", "CapBnd")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


@pytest.mark.parametrize("service", _SERVICES)
def test_what_is_mounted_can_be_read_and_only_volumes_can_be_written(running: Scene, service: str) -> None:
    lines = [line.split() for line in running.inside(service, "cat /proc/mounts").splitlines()]
    options = {place: words.split(",") for _, place, _, words, *_ in lines}
    for mount in services(running.stack)[service].mounts:
        assert ("rw" if mount.is_volume else "ro") in options[mount.target], mount
        if mount.is_volume:
            running.inside(service, f"sh -c 'touch {mount.target}/tried && rm {mount.target}/tried'")
        else:
            running.inside(service, f"sh -c 'find {mount.target} -type f -exec cat {{}} + >/dev/null'")


def test_grafana_s_user_reads_what_grafana_would_read(running: Scene) -> None:
    wait_for(lambda: "admin-password" in running.follow("docker compose logs grafana"), 60, "all was read")
    read = {
        line.rpartition(" read ")[2].strip()
        for line in running.follow("docker compose logs --no-color grafana").splitlines()
        if " read " in line
    }
    dashboards = {f"/etc/grafana/dashboards/edged/{each.name}" for each in (PROJECT / "dashboards").iterdir()}
    assert len(dashboards) >= 5
    assert read == dashboards | {
        "/etc/grafana/provisioning/datasources/edged.yml",
        "/etc/grafana/provisioning/dashboards/edged.yml",
        "/etc/grafana/secrets/admin-password",
    }
