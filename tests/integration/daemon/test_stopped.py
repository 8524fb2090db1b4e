"""The whole daemon stopped for 10 s in the middle of a measurement, as by a debugger or a laptop's lid."""

import os
import signal
import time
from pathlib import Path

from edged.inference.build import build_model
from edged.journal.reader import Wanted, read_records
from edged.measurement.result import Measurement
from edged.measurement.verdict import Reason
from tests.integration.daemon.living import Living, configure, living

STOP_S = 10.0
EVERY_S = 5
LINES = f"""
[[schedule.workload]]
every_s = {EVERY_S}

[protocols.brief]
warmup_runs = 1
min_runs = 10
pause_s = 0.05
guard_s = 0.3
"""
RAILS = ("big", "little", "mem", "gpu")


def kept(daemon: Living) -> list[Measurement]:
    path = daemon.directory / "state" / "journal.db.xu3"
    return sorted((record.measurement for record in read_records(path, Wanted())), key=lambda m: m.start_ns)


def rails(daemon: Living, name: str) -> dict[str, float]:
    return {rail: daemon.sum_of(f"edged_rail_{name}_total", rail=rail) for rail in RAILS}


def stop_in_mid_measurement(daemon: Living) -> None:
    while True:
        daemon.wait_for(lambda: daemon.worker_on("door") is not None)
        os.kill(daemon.process.pid, signal.SIGSTOP)
        if daemon.worker_on("door") is not None:  # it has not just finished
            return
        os.kill(daemon.process.pid, signal.SIGCONT)


def highest_powers_w(daemon: Living) -> dict[str, float]:
    """The highest mean of any second so far."""
    columns = daemon.json("history")["power_w"]
    return {rail: max(power_w for power_w in columns[rail] if power_w is not None) for rail in RAILS}


def test_ten_seconds_without_the_daemon_cost_the_measurement_under_way_and_invent_nothing(
    tmp_path: Path,
) -> None:
    config = configure(tmp_path, LINES, {"door": build_model("0.25", "int8")})
    with living(config, "door@big", "--simulate", "xu3") as daemon:
        daemon.wait_for(daemon.ready)
        # Ready means that there is something to see.
        assert daemon.series("edged_temperature_celsius")
        daemon.measures("door")
        energy_j, observed_s = rails(daemon, "energy_joules"), rails(daemon, "observed_seconds")
        unobserved_s = rails(daemon, "unobserved_seconds")
        highest_w = highest_powers_w(daemon)
        stop_in_mid_measurement(daemon)
        begin_ns = time.monotonic_ns()
        time.sleep(STOP_S)
        end_ns = time.monotonic_ns()
        os.kill(daemon.process.pid, signal.SIGCONT)

        daemon.wait_for(lambda: sum(each.start_ns > end_ns for each in kept(daemon)) >= 3)
        daemon.wait_for(daemon.ready)
        for rail in RAILS:
            lost_s = rails(daemon, "unobserved_seconds")[rail] - unobserved_s[rail]
            # What a chip averages reaches into the stop from both ends, by 2 s at most.
            assert lost_s > STOP_S - 4
            covered_s = rails(daemon, "observed_seconds")[rail] - observed_s[rail]
            grown_j = rails(daemon, "energy_joules")[rail] - energy_j[rail]
            assert grown_j <= 2 * highest_w[rail] * covered_s
        measurements = kept(daemon)
    over = [each for each in measurements if each.start_ns < begin_ns and each.end_ns > end_ns]
    assert [each.verdict.valid for each in over] == [False]
    details = {each.reason: each.detail for each in over[0].verdict.rejections}
    assert details.keys() & {Reason.COVERAGE, Reason.SENSOR_LOST}
    assert all(details.values())
    # Of the slots that were missed, one at most is made up for: two measurements later a slot has passed.
    starts_s = [each.start_ns / 1e9 for each in measurements]
    for first_s, third_s in zip(starts_s, starts_s[2:], strict=False):
        assert third_s - first_s > 0.9 * EVERY_S  # a measurement begins a moment after its slot was taken
