"""A scrape as a whole: its text, its cost, and the table of its names."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text
from prometheus_client.registry import Collector

from edged.clock import SystemClock
from edged.exposition.ledger import Ledger
from edged.exposition.reference import BEGIN, END, table, with_table
from edged.exposition.reload_state import ReloadState
from edged.exposition.scrape import FAMILIES, SUBJECTS, registry_of
from edged.exposition.snapshot import Snapshot, rail_state
from edged.journal.file import JournalState
from edged.measurement.verdict import Reason
from edged.schedule.state import ScheduleState
from tests.unit.exposition.conftest import Scrape
from tests.unit.exposition.facts import BOARD, ENERGY, ON_BIG, SNAPSHOT, measurement, rejected
from tests.unit.exposition.test_board_families import CONDITIONS, account

README = Path(__file__).parents[3] / "README.md"


def full_snapshot() -> Snapshot:
    """A snapshot with something in every family."""
    ledger = Ledger([ON_BIG])
    ledger.apply(measurement(rails={"big": ENERGY}))
    ledger.apply(rejected(Reason.UNSTEADY))
    return replace(
        SNAPSHOT,
        cases=tuple(ledger.accounts.values()),
        idle_power_w=ledger.idle_power_w,
        rails=(rail_state(account()),),
        conditions=CONDITIONS,
        time_in_state_ns={"big": {2_000_000_000: 1}},
        journal=JournalState(4_096, 0),
        schedule=ScheduleState(next_ns=SNAPSHOT.at_ns),
        reload=ReloadState(successful=True, success_wall_s=SNAPSHOT.wall_s),
    )


def test_a_full_board_exports_every_family_that_the_code_declares_and_no_other(scrape: Scrape) -> None:
    exported = {metric.name: metric for metric in scrape(full_snapshot()).collect()}
    declared = {family.metric().name: family for family in FAMILIES}
    assert {name for name in exported if name.startswith("edged_")} == set(declared)
    for name, family in declared.items():
        assert exported[name].type == family.kind
        labels = {tuple(sorted(set(sample.labels) - {"le"})) for sample in exported[name].samples}
        assert labels == {tuple(sorted(family.labels))}, name


def test_process_and_python_are_exported_too(scrape: Scrape) -> None:
    registry = scrape(SNAPSHOT)
    assert any(metric.name == "python_info" for metric in registry.collect())
    if Path("/proc/self/stat").read_text().rpartition(")")[2].split()[21] == "0":
        pytest.skip("qemu-user shows no process its resident memory")
    assert (registry.get_sample_value("process_resident_memory_bytes") or 0) > 1_000_000


def test_both_texts_read_back_as_what_was_collected(scrape: Scrape) -> None:
    registry = scrape(full_snapshot())
    names = {metric.name for metric in registry.collect() if metric.name.startswith("edged_")}
    encode, _ = choose_encoder("application/openmetrics-text; version=1.0.0")
    openmetrics = list(parse_openmetrics(encode(registry).decode()))  # type: ignore[no-untyped-call]
    assert {metric.name for metric in openmetrics if metric.name.startswith("edged_")} == names
    plain = list(parse_text(generate_latest(registry).decode()))
    assert {"edged_rail_energy_joules", "edged_board_info"} <= {metric.name for metric in plain}
    assert all(metric.documentation for metric in plain)


@given(st.text(st.characters(codec="utf-8")))
def test_any_label_value_comes_through_the_text_unharmed(model: str) -> None:
    board = replace(BOARD, identity=replace(BOARD.identity, model=model))
    registry = registry_of(lambda: replace(SNAPSHOT, board=board), SystemClock())
    text = generate_latest(registry).decode()
    (family,) = (metric for metric in parse_text(text) if metric.name == "edged_board_info")
    assert family.samples[0].labels["model"] == model


def test_every_subject_says_what_it_cost(scrape: Scrape) -> None:
    registry = scrape(SNAPSHOT)
    for subject in SUBJECTS:
        cost = registry.get_sample_value("edged_collector_duration_seconds", {"collector": subject.name})
        assert cost is not None
        assert cost >= 0


def test_all_parts_of_a_scrape_come_from_one_snapshot() -> None:
    snapshots = iter([full_snapshot()])
    registry = registry_of(lambda: next(snapshots), SystemClock())
    assert any(metric.name == "edged_rail" for metric in registry.collect())


def test_a_second_family_of_the_same_name_is_refused() -> None:
    registry = registry_of(lambda: SNAPSHOT, SystemClock())
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        registry.register(_Other())


class _Other(Collector):
    def collect(self) -> Iterator[Metric]:
        yield FAMILIES[0].metric()

    def describe(self) -> Iterator[Metric]:
        return self.collect()


def test_a_single_family_can_be_asked_for(scrape: Scrape) -> None:
    restricted = scrape(full_snapshot()).restricted_registry(["edged_rail_power_watts"])
    assert [metric.name for metric in restricted.collect()] == ["edged_rail_power_watts"]


def test_names_follow_the_conventions() -> None:
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)
    for family in FAMILIES:
        assert re.fullmatch(r"edged_[a-z0-9_]+", family.name)
        assert (family.kind == "counter") == family.name.endswith("_total"), family.name
        assert (family.kind == "info") == family.name.endswith("_info"), family.name
        assert not {"cluster", "zone", "type", "instance", "job", "quantile"} & set(family.labels)
        assert family.help.endswith(".")
        assert "|" not in family.help


def test_the_table_in_the_readme_is_the_one_that_the_code_makes() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_table(readme) == readme, "run: .venv/bin/python -m edged.exposition.reference README.md"


def test_a_text_without_both_markers_is_refused() -> None:
    for text in ("", BEGIN, END, END + BEGIN):
        with pytest.raises(ValueError, match="metrics:begin"):
            with_table(text)
    assert with_table(f"a{BEGIN}old{END}b") == f"a{BEGIN}\n{table()}\n{END}b"


def test_names_types_and_labels_are_those_agreed_on(shared: Path) -> None:
    agreed = dict(_agreed((shared / "METRICS.md").read_text(encoding="utf-8")))
    for family in FAMILIES:
        assert agreed[family.name] == (family.kind, set(family.labels)), family.name


CASE = ("model", "alpha", "precision", "cpu_cluster")


def _agreed(text: str) -> Iterator[tuple[str, tuple[str, set[str]]]]:
    """Name, type and labels of each metric in METRICS.md."""
    for row in re.findall(r"^\| (`edged_.*?) \|$", text, re.MULTILINE):
        names, kinds, labels, meaning = re.split(r"\s*\|\s*", row)
        first, *others = re.findall(r"`(\w+)`", names)
        kind = re.findall(r"gauge|counter|info|histogram", kinds)
        label_set = {
            label for word in re.findall(r"\w+", labels) for label in (CASE if word == "case" else (word,))
        }
        for name in (first, *(_in_full(first, other) for other in others)):
            yield name, ("counter" if name.endswith("_total") else kind[0], label_set)
        for beside in re.findall(r"with `(edged_\w+)` 0/1", meaning):
            yield beside, (kind[0], label_set)
        for middle, label in re.findall(r"`(_\w+_)` gauge with label `(\w+)`", meaning):
            unit = first.rpartition("_")[2]
            yield first.removesuffix(f"_{unit}") + middle + unit, ("gauge", label_set | {label})


def _in_full(first: str, other: str) -> str:
    """`_max_hertz` after `edged_cpu_frequency_hertz` is short for `edged_cpu_frequency_max_hertz`."""
    if not other.startswith("_"):
        return other
    words = first.split("_")
    exported = {family.name for family in FAMILIES}
    candidates = ["_".join(words[:count]) + other for count in range(len(words), 0, -1)]
    return next((name for name in candidates if name in exported), other)
