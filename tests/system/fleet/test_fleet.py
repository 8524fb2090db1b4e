"""Ten boards for a minute: what `make bench-fleet` does with 200, in small."""

import re
import shutil
import time
from collections.abc import Iterator

import pytest

from tests.integration.rules.shipped import records
from tests.system.fleet.blocks import far_s, long_records, looked_back_s
from tests.system.fleet.boards import fleet
from tests.system.fleet.cost import at_rest, check
from tests.system.fleet.line import fitted
from tests.system.fleet.prometheus import Prometheus, prometheus
from tests.system.fleet.recording import INTERVAL_S, Recording, recorded

BOARDS = 10
# The series that Prometheus adds to each target: up and four that tell of the scrape.
_ADDED = 5
_DAY_S = 24 * 3600


@pytest.fixture(scope="module")
def recording() -> Recording:
    return recorded(100)


@pytest.fixture(scope="module")
def scraped(
    recording: Recording, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Prometheus, float]]:
    """A Prometheus that has scraped ten boards for a minute, and when it last did."""
    if not shutil.which("prometheus"):
        pytest.skip("there is no prometheus: apt-get install prometheus")
    with (
        fleet(recording, BOARDS) as targets,
        prometheus(tmp_path_factory.mktemp("prometheus"), targets, "3s") as server,
    ):
        until_s = time.monotonic() + 180
        while server.ask("min(count_over_time(up[3m])) >= 15").result == [] and time.monotonic() < until_s:
            time.sleep(1)
        check(server, BOARDS, recording)
        yield server, at_rest(server)


def test_every_board_is_scraped_whole_and_no_alert_fires(
    scraped: tuple[Prometheus, float], recording: Recording
) -> None:
    server, at_s = scraped
    names = {row["metric"]["instance"] for row in server.ask("up", time=at_s).result}
    assert names == {f"127.10.0.{board}" for board in range(1, BOARDS + 1)}
    counted = server.ask(
        'count by (instance) ({__name__=~"edged_.+|process_.+|python_.+"})', time=at_s
    ).result
    assert {int(row["value"][1]) for row in counted} == {recording.series}
    (all_of_one,) = server.ask('count({instance="127.10.0.1", __name__!~".*:.*"})', time=at_s).result
    assert int(all_of_one["value"][1]) == recording.series + _ADDED


def test_counters_grow_and_never_fall(scraped: tuple[Prometheus, float]) -> None:
    server, at_s = scraped
    for name in ("rail_energy_joules_total", "inferences_total", "inference_duration_seconds_bucket"):
        (fallen,) = server.ask(f"sum(resets(edged_{name}[3m]))", time=at_s).result
        assert fallen["value"][1] == "0", name
    grown = server.ask("increase(edged_rail_energy_joules_total[1m]) > 0", time=at_s).result
    assert len(grown) == 4 * BOARDS


def test_gauges_move(scraped: tuple[Prometheus, float]) -> None:
    server, at_s = scraped
    moved = server.ask('changes(edged_rail_power_watts{rail="big"}[1m]) > 3', time=at_s).result
    assert len(moved) == BOARDS


def test_no_two_boards_are_in_step(scraped: tuple[Prometheus, float]) -> None:
    server, at_s = scraped
    energies = [row["value"][1] for row in server.ask("edged_rail_energy_joules_total", time=at_s).result]
    assert len(set(energies)) == len(energies)


def test_a_recording_goes_on_where_it_ends() -> None:
    texts = tuple(
        "# TYPE x counter\n"
        f'x_total{{a="b c"}} {10.0 + 2 * number}\ny {number % 2}\nz_timestamp_seconds {100.0 + 15 * number}\n'
        for number in range(4)
    )
    recording = Recording(1000.0, texts)
    for number in range(12):
        lines = list(recording.lines(number, 5000.0 + number * INTERVAL_S))
        values = [float(line.rpartition(" ")[2]) for line in lines[1:]]
        assert values == [10.0 + 2 * number, number % 2, 4100.0 + 15 * number]
        assert lines[1].startswith('x_total{a="b c"} ')


def test_what_a_board_serves_is_what_edged_served(recording: Recording) -> None:
    served = b"".join(recording.parts(0, recording.begun_wall_s)).decode()
    without = re.compile(r" \S+$", re.M)
    assert without.sub("", served) == without.sub("", recording.texts[0])
    assert served.endswith("# EOF\n")


def test_the_rules_that_look_far_back_are_found() -> None:
    found = long_records()
    # One of them asks what there was a day ago, and whether that was recorded on the day before.
    assert sorted(far_s(each) for each in found if each.group == "edged.rules.days") == [_DAY_S] * 6 + [
        2 * _DAY_S
    ]
    assert {far_s(each) for each in found} == {0, 3600, 6 * 3600, _DAY_S, 2 * _DAY_S}
    # These make what the days are taken from.
    recording = [each for each in records() if each.group == "edged.rules.results"]
    assert [each for each in found if far_s(each) == 0] == recording
    assert looked_back_s()["edged_measurement_net_energy_joules"] == _DAY_S
    # Subqueries look back, too.
    assert looked_back_s()["edged_board_info"] == _DAY_S


def test_a_line_tells_what_it_misses() -> None:
    exact = fitted((10, 50, 200), (120.0, 200.0, 500.0))
    assert (round(exact.base, 9), round(exact.slope, 9), round(exact.at(1000), 6)) == (100.0, 2.0, 2100.0)
    bent = fitted((10, 50, 200), (120.0, 300.0, 500.0))
    assert max(map(abs, bent.residuals)) > 0.1
