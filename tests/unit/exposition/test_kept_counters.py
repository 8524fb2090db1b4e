"""Counters that go on from the last life, and wait for the journal."""

from dataclasses import replace

from edged.clock import SystemClock
from edged.exposition.kept_counters import KeptCounters
from edged.exposition.ledger import Ledger
from edged.exposition.scrape import SUBJECTS, registry_of
from edged.exposition.snapshot import Snapshot, rail_state
from edged.journal.counters import Counters
from edged.measurement.result import Case
from edged.measurement.verdict import Reason
from tests.unit.exposition.facts import (
    ENERGY,
    LABELS,
    ON_BIG,
    OWN,
    SNAPSHOT,
    inferences,
    measurement,
    rejected,
)
from tests.unit.exposition.test_board_families import account

BIG = {"rail": "big"}
CLOCK = {"cpu_cluster": "big", "frequency_hertz": "2000000000"}
BUCKET = {**LABELS, "le": "+Inf"}


class Life:
    """One life of the daemon, as a scrape sees it."""

    def __init__(self, base: Counters, cases: tuple[Case, ...] = (ON_BIG,)) -> None:
        self.ledger = Ledger(cases)
        self.rail = account()
        self.counters = KeptCounters(base, self.snapshot, SUBJECTS)
        self.registry = registry_of(self.snapshot, SystemClock(), self.counters.shown)

    def snapshot(self) -> Snapshot:
        return replace(
            SNAPSHOT,
            cases=tuple(self.ledger.accounts.values()),
            rails=(rail_state(self.rail),),
            time_in_state_ns={"big": {2_000_000_000: 3_000_000_000}},
        )

    def value(self, name: str, labels: dict[str, str]) -> float | None:
        return self.registry.get_sample_value(name, labels)


def test_counters_and_results_are_shown_when_they_have_been_kept_and_other_gauges_at_once() -> None:
    life = Life({})
    life.ledger.apply_inferences(ON_BIG, inferences(0.1))
    life.ledger.apply(measurement())
    assert life.value("edged_cpu_frequency_max_hertz", {"cpu_cluster": "big"}) == 2e9
    assert life.value("edged_measurement_latency_seconds", LABELS) is None
    for name in ("edged_inferences_total", "edged_measurements_total"):
        assert life.value(name, LABELS) == 0
    life.counters.take()
    assert life.value("edged_inferences_total", LABELS) == 0
    life.counters.kept()
    assert life.value("edged_inferences_total", LABELS) == 1
    assert life.value("edged_measurements_total", LABELS) == 1
    assert life.value("edged_measurement_latency_seconds", LABELS) == 0.02


def test_every_counter_goes_on_in_the_next_life_but_the_kernels_own() -> None:
    first = Life({})
    first.ledger.apply_inferences(ON_BIG, inferences(0.1, 2.0))
    first.ledger.apply(measurement())
    base = first.counters.take()
    second = Life(base)
    assert second.value("edged_inferences_total", LABELS) == 2
    assert second.value("edged_rail_energy_joules_total", BIG) == 12.0
    second.ledger.apply_inferences(ON_BIG, inferences(0.1))
    second.counters.take()
    second.counters.kept()
    assert second.value("edged_inferences_total", LABELS) == 3
    assert second.value("edged_inference_duration_seconds_bucket", BUCKET) == 3
    assert second.value("edged_measurements_total", LABELS) == 1
    assert second.value("edged_cpu_frequency_seconds_total", CLOCK) == 3.0


def test_a_case_that_is_not_measured_for_a_life_goes_on_in_the_one_after() -> None:
    first = Life({}, (ON_BIG, Case(OWN, "big")))
    first.ledger.apply_inferences(ON_BIG, inferences(0.1))
    without = Life(first.counters.take(), (Case(OWN, "big"),))
    assert without.value("edged_inferences_total", LABELS) is None
    assert Life(without.counters.take()).value("edged_inferences_total", LABELS) == 1


def test_a_histogram_of_other_buckets_begins_anew() -> None:
    first = Life({})
    first.ledger.apply_inferences(ON_BIG, inferences(0.1))
    base = {key: value for key, value in first.counters.take().items() if ("le", "0.005") not in key[1]}
    second = Life(base)
    assert second.value("edged_inference_duration_seconds_bucket", BUCKET) == 0
    assert second.value("edged_inference_duration_seconds_count", LABELS) == 0
    assert second.value("edged_inferences_total", LABELS) == 1


def test_results_of_the_last_life_are_there_again() -> None:
    ledger = Ledger([ON_BIG], [measurement(rails={"big": ENERGY}), measurement(Case(OWN, "big"))])
    (case,) = ledger.accounts.values()
    assert case.last_valid == measurement(rails={"big": ENERGY})
    assert case.valid == 0
    assert ledger.idle_power_w == {"big": 0.11}


def test_worker_restarts_go_on_in_the_next_life_although_another_case_is_measured_there() -> None:
    first = Life({})
    first.ledger.apply(rejected(Reason.WORKER_FAILED))
    second = Life(first.counters.take(), (Case(ON_BIG.model, "little"),))
    assert second.value("edged_worker_restarts_total", {}) == 1
    second.ledger.apply(rejected(Reason.WORKER_FAILED, case=Case(ON_BIG.model, "little")))
    second.counters.take()
    second.counters.kept()
    assert second.value("edged_worker_restarts_total", {}) == 2
