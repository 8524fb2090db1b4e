"""What lasts: over another configuration, over `down`, over a crash and over a power cut."""

import pytest

from tests.system.alerts.hurried import hurried
from tests.system.compose.scene import MACHINE_ADDRESS, RECEIVER_PORT, UP, Scene
from tests.system.stack.checkout import steps
from tests.system.stack.servers import wait_for

_PATIENCE_S = 240.0
_AMTOOL = "--alertmanager.url=http://127.0.0.1:9093"


def scraped(running: Scene) -> object:
    """The first scrape of a board, once there is one."""
    wait_for(lambda: running.first_sample("xu4-shed") is not None, _PATIENCE_S, "a board was scraped")
    return running.first_sample("xu4-shed")


def test_a_changed_configuration_is_used_and_somebody_is_told_of_a_board_that_is_off(running: Scene) -> None:
    first = scraped(running)
    instead = {
        # In a container, localhost is the container.
        "127.0.0.1:9095": f"{MACHINE_ADDRESS}:{RECEIVER_PORT}",
        # A hurried scrape is too short for a busy machine.
        "scrape_interval: 750ms": "scrape_interval: 2s",
        "scrape_timeout: 500ms": "scrape_timeout: 2s",
    }
    for path in (running.stack / "prometheus.yml", *(running.stack / "../prometheus").glob("*.yml")):
        text = path.read_text()
        if MACHINE_ADDRESS not in text and "scrape_interval: 2s" not in text:
            text = hurried(text)
        for usual, this in instead.items():
            text = text.replace(usual, this)
        path.write_text(text)
    command = f"{UP} --force-recreate"
    assert command in steps("Containers")
    running.follow(command)
    told = ("edged", "EdgedBoardDown", "firing", "off")
    wait_for(lambda: told in running.alerts(), _PATIENCE_S, "somebody is told")
    assert not {alert for alert in running.alerts() if alert[3] in ("xu3-attic", "xu4-shed")}
    assert running.first_sample("xu4-shed") == first


def test_what_was_measured_silenced_and_set_survives_down_and_up(running: Scene) -> None:
    first = scraped(running)
    starts = running.inside("grafana", "cat /var/lib/grafana/starts")
    silence = running.inside(
        "alertmanager", f"amtool {_AMTOOL} silence add --author=me --comment=kept alertname=Nothing"
    ).strip()
    running.follow("docker compose down")
    assert running.follow("docker compose ps -q") == ""
    running.follow(UP)
    wait_for(lambda: running.first_sample("xu4-shed") == first, _PATIENCE_S, "the first sample is there")

    def silences() -> str:
        return running.inside("alertmanager", f"sh -c 'amtool {_AMTOOL} silence query -q || true'")

    wait_for(lambda: silence in silences(), _PATIENCE_S, "the silence is there")
    wait_for(
        lambda: running.inside("grafana", "cat /var/lib/grafana/starts") == starts + "started\n",
        _PATIENCE_S,
        "Grafana's data is there",
    )


@pytest.mark.parametrize("service", ["prometheus", "alertmanager"])
def test_a_server_that_ends_is_started_again(running: Scene, service: str) -> None:
    before = running.inspect(service)["RestartCount"]
    running.inside(service, "kill 1")
    wait_for(lambda: running.inspect(service)["RestartCount"] > before, _PATIENCE_S, "it is started again")
    wait_for(lambda: running.inspect(service)["State"]["Running"], _PATIENCE_S, "it runs")


def test_all_comes_back_by_itself_after_a_power_cut(running: Scene) -> None:
    first = scraped(running)
    running.engine.lose_power()
    assert running.first_sample("xu4-shed") is None
    running.engine.start()
    wait_for(running.healthy, _PATIENCE_S, "every container is well again")
    assert running.first_sample("xu4-shed") == first
    wait_for(lambda: running.values("up").get("xu4-shed") == 1.0, _PATIENCE_S, "boards are scraped again")
