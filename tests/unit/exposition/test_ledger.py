"""What the ledger adds up, and what becomes of it in a scrape."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.registry import CollectorRegistry

from edged.exposition.case_account import BUCKETS_S, Histogram
from edged.exposition.ledger import Ledger
from edged.measurement.result import Case, Surroundings
from edged.measurement.verdict import Reason
from tests.unit.exposition.conftest import Scrape
from tests.unit.exposition.facts import (
    ENERGY,
    LABELS,
    ON_BIG,
    OWN,
    SNAPSHOT,
    inferences,
    latency_of,
    measurement,
    rejected,
)

COUNTERS = (
    "edged_inferences_total",
    "edged_inference_failures_total",
    "edged_throttled_inferences_total",
    "edged_measurements_total",
    "edged_inference_duration_seconds_count",
    "edged_inference_duration_seconds_sum",
)


def exported(ledger: Ledger, scrape: Scrape) -> CollectorRegistry:
    cases = tuple(ledger.accounts.values())
    return scrape(replace(SNAPSHOT, cases=cases, idle_power_w=ledger.idle_power_w))


def names(registry: CollectorRegistry) -> set[str]:
    return {sample.name for metric in registry.collect() for sample in metric.samples}


def test_counters_of_known_cases_exist_from_the_start_at_0(scrape: Scrape) -> None:
    registry = exported(Ledger([ON_BIG]), scrape)
    assert [registry.get_sample_value(name, LABELS) for name in COUNTERS] == [0] * len(COUNTERS)
    for reason in Reason:
        labels = {**LABELS, "reason": reason.value}
        assert registry.get_sample_value("edged_measurements_rejected_total", labels) == 0


def test_the_last_measurement_is_kept_beside_the_last_valid_one() -> None:
    ledger = Ledger([ON_BIG])
    good, bad = measurement(), rejected(Reason.THROTTLED, end_ns=9)
    ledger.apply(good)
    ledger.apply(bad)
    (account,) = ledger.accounts.values()
    assert (account.last_valid, account.last) == (replace(good, inferences=()), replace(bad, inferences=()))
    (resumed,) = Ledger([ON_BIG], [good]).accounts.values()
    assert resumed.last == resumed.last_valid == good


def test_there_is_no_result_before_a_valid_measurement(scrape: Scrape) -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(rejected(Reason.UNSTEADY))
    results = {name for name in names(exported(ledger, scrape)) if name.startswith("edged_measurement_")}
    assert results == set()


def test_live_inferences_count_at_once_and_warm_ups_do_not(scrape: Scrape) -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply_inferences(ON_BIG, inferences(9.0, warmup=True))
    ledger.apply_inferences(ON_BIG, inferences(0.004, 0.02))
    ledger.apply_inferences(ON_BIG, inferences(5.0))
    registry = exported(ledger, scrape)
    assert registry.get_sample_value("edged_inferences_total", LABELS) == 3
    assert registry.get_sample_value("edged_inference_duration_seconds_sum", LABELS) == pytest.approx(5.024)

    def up_to(bound: str) -> float | None:
        return registry.get_sample_value("edged_inference_duration_seconds_bucket", {**LABELS, "le": bound})

    assert [up_to(bound) for bound in ("0.005", "0.0145", "0.0247", "3.0", "+Inf")] == [1, 1, 2, 2, 3]


def test_a_valid_measurement_becomes_the_results_of_its_case(scrape: Scrape) -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(measurement(rails={"big": ENERGY}))
    registry = exported(ledger, scrape)

    def value(name: str, **more: str) -> float | None:
        return registry.get_sample_value(f"edged_measurement_{name}", {**LABELS, **more})

    assert value("latency_seconds") == 0.02
    assert value("latency_percentile_seconds", percentile="90") == 0.021
    assert value("latency_percentile_seconds", percentile="99") is None
    assert value("latency_uncertainty_seconds") == 0.0001
    assert value("frames_per_second") == 50.0
    assert value("net_energy_joules", rail="big") == 0.03
    assert value("gross_energy_joules", rail="big") == 0.04
    assert value("net_energy_uncertainty_joules", rail="big") == 0.001
    assert value("net_energy_uncertainty_component_joules", rail="big", component="calibration") == 0.0002
    assert value("cpu_frequency_hertz") == 1.9e9
    assert value("temperature_celsius") == 61.0
    assert value("load_seconds") == 0.05
    assert value("worker_memory_bytes") == 30_000_000
    assert value("timestamp_seconds") == 1_699_999_999.0
    assert registry.get_sample_value("edged_measurements_total", LABELS) == 1
    assert registry.get_sample_value("edged_rail_idle_power_watts", {"rail": "big"}) == 0.11


def test_what_a_measurement_does_not_know_has_no_series(scrape: Scrape) -> None:
    ledger = Ledger([ON_BIG])
    unknown = Surroundings()
    ledger.apply(measurement(latency=latency_of(0.02), surroundings=unknown, worker_memory_bytes=None))
    results = {name for name in names(exported(ledger, scrape)) if name.startswith("edged_measurement_")}
    assert results == {
        "edged_measurement_latency_seconds",
        "edged_measurement_frames_per_second",
        "edged_measurement_load_seconds",
        "edged_measurement_timestamp_seconds",
    }


def test_a_rejected_measurement_is_counted_and_the_last_valid_one_stays(scrape: Scrape) -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(measurement(rails={"big": ENERGY}))
    ledger.apply(
        rejected(
            Reason.THROTTLED,
            Reason.UNSTEADY,
            latency=latency_of(9.0),
            surroundings=Surroundings(throttled_inferences=3),
            rails={"big": replace(ENERGY, idle_power_w=9.0)},
        )
    )
    registry = exported(ledger, scrape)
    assert registry.get_sample_value("edged_measurement_latency_seconds", LABELS) == 0.02
    assert registry.get_sample_value("edged_rail_idle_power_watts", {"rail": "big"}) == 0.11
    assert registry.get_sample_value("edged_throttled_inferences_total", LABELS) == 3
    assert registry.get_sample_value("edged_inference_failures_total", LABELS) == 0
    counts = {
        reason: registry.get_sample_value(
            "edged_measurements_rejected_total", {**LABELS, "reason": reason.value}
        )
        for reason in (Reason.THROTTLED, Reason.UNSTEADY, Reason.COVERAGE)
    }
    assert counts == {Reason.THROTTLED: 1, Reason.UNSTEADY: 1, Reason.COVERAGE: 0}


def test_a_failed_worker_is_a_failure_of_inference(scrape: Scrape) -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(rejected(Reason.WORKER_FAILED, latency=None, engine=None, load_s=None))
    assert exported(ledger, scrape).get_sample_value("edged_inference_failures_total", LABELS) == 1


def test_a_case_that_was_not_known_before_gets_its_account() -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply_inferences(Case(OWN, "little"), inferences(0.1))
    assert [sum(account.latencies.counts) for account in ledger.accounts.values()] == [0, 1]


def test_what_was_read_before_does_not_change_under_the_reader() -> None:
    ledger = Ledger([ON_BIG])
    before = ledger.accounts
    ledger.apply_inferences(ON_BIG, inferences(0.1))
    ledger.apply(measurement())
    assert [account.valid for account in before.values()] == [0]
    assert [account.valid for account in ledger.accounts.values()] == [1]


def test_a_result_does_not_keep_its_single_inferences() -> None:
    ledger = Ledger([])
    ledger.apply(measurement())
    (account,) = ledger.accounts.values()
    assert account.last_valid is not None
    assert account.last_valid.inferences == ()


@pytest.mark.parametrize(
    ("case", "fps"),
    [
        (ON_BIG, 56.11),
        (replace(ON_BIG, cpu_cluster="cpu"), None),
        (Case(replace(OWN, alpha="0.25", precision="int8"), "big"), None),
    ],
)
def test_the_papers_figure_stands_beside_the_cases_that_it_measured(
    scrape: Scrape, case: Case, fps: float | None
) -> None:
    registry = exported(Ledger([case]), scrape)
    model = case.model
    labels = {"model": model.name, "alpha": model.alpha, "precision": model.precision}
    found = registry.get_sample_value(
        "edged_paper_frames_per_second", {**labels, "cpu_cluster": case.cpu_cluster}
    )
    assert found == fps


def test_buckets_reach_from_5_ms_to_3_s_in_equal_ratios() -> None:
    assert (BUCKETS_S[0], BUCKETS_S[-1]) == (0.005, 3.0)
    ratios = [after / before for before, after in pairwise(BUCKETS_S)]
    assert min(ratios) == pytest.approx(max(ratios), rel=0.01)


@given(st.lists(st.floats(min_value=1e-6, max_value=10)), st.lists(st.floats(min_value=1e-6, max_value=10)))
def test_a_histogram_counts_each_latency_once_at_or_below_its_bound(
    first: list[float], second: list[float]
) -> None:
    histogram = Histogram().with_latencies(first).with_latencies(second)
    latencies = first + second
    for bound, count in zip((*BUCKETS_S, float("inf")), histogram.cumulated(), strict=True):
        assert count == sum(latency <= bound for latency in latencies)
    assert histogram.sum_s == pytest.approx(sum(latencies))


def test_workers_that_did_not_finish_are_counted_over_all_cases_and_rejected_ones_that_did_are_not(
    scrape: Scrape,
) -> None:
    on_little = Case(ON_BIG.model, "little")
    ledger = Ledger([ON_BIG, on_little])
    assert exported(ledger, scrape).get_sample_value("edged_worker_restarts_total") == 0
    ledger.apply(measurement())
    ledger.apply(rejected(Reason.THROTTLED))
    ledger.apply(rejected(Reason.WORKER_FAILED))
    ledger.apply(rejected(Reason.WORKER_FAILED, case=on_little))
    assert exported(ledger, scrape).get_sample_value("edged_worker_restarts_total") == 2
