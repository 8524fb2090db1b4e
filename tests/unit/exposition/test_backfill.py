"""The journal as OpenMetrics with time stamps."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
from prometheus_client.samples import Timestamp

from edged.exposition.backfill import backfill
from edged.journal.record import Record
from edged.measurement.verdict import Reason
from tests.unit.exposition.facts import ENERGY, ON_BIG, measurement, rejected
from tests.unit.journal.records import LIFE

ON_LITTLE = replace(ON_BIG, cpu_cluster="little")


@pytest.mark.skipif(
    Timestamp(1, 5) > Timestamp(2, 0),
    reason="this prometheus-client's parser takes 1.000000005 s for later than 2 s",
)
@given(st.lists(st.tuples(st.floats(0, 4e9), st.booleans()), max_size=12))
def test_each_family_comes_once_and_each_series_in_order_of_time(made: list[tuple[float, bool]]) -> None:
    records = [
        Record(measurement(ON_BIG if big else ON_LITTLE, finished_wall_s=wall_s, rails={"big": ENERGY}), LIFE)
        for wall_s, big in made
    ]
    text = backfill(records)
    assert text.endswith("# EOF\n")
    families = list(parse(text))  # type: ignore[no-untyped-call]
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    for family in families:
        stamps: dict[tuple[tuple[str, str], ...], list[float]] = {}
        for sample in family.samples:
            stamps.setdefault(tuple(sorted(sample.labels.items())), []).append(float(sample.timestamp))
        for series in stamps.values():
            assert series == sorted(set(series))
            assert series[0] >= 1_577_836_800
    expected = {(int(s * 1000), big) for s, big in made if s >= 1_577_836_800}
    latencies = [f.samples for f in families if f.name == "edged_measurement_latency_seconds"]
    assert sum(map(len, latencies)) == len(expected)


def test_rejected_measurements_are_left_out_and_simulated_ones_marked() -> None:
    simulated = replace(LIFE, simulation="simulated xu3")
    text = backfill(
        [
            Record(rejected(Reason.UNSTEADY, finished_wall_s=1.6e9), LIFE),
            Record(measurement(finished_wall_s=1.7e9), simulated),
        ]
    )
    samples = [s for family in parse(text) for s in family.samples]  # type: ignore[no-untyped-call]
    assert samples
    assert {sample.labels["simulated"] for sample in samples} == {"true"}
    assert {float(sample.timestamp) for sample in samples} == {1.7e9}
