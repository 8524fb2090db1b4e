"""What the runbook names is there: options, metrics, records, labels and their values."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from edged.config.sections import Config
from edged.exposition.energy_parts import BASELINE, CALIBRATION, READINGS
from edged.exposition.scrape import FAMILIES
from edged.measurement.verdict import Reason
from edged.schedule.state import Wait
from tests.integration.rules.shipped import recorded, runbook

_QUOTED = re.compile(r"`([^`]+)`")
# What an alert's board has, and what a scrape adds; rails that are not a CPU cluster's.
_LABELS = {"instance", "severity", "simulated"}
_RAILS = {"mem", "board"}
_COMPONENTS = {CALIBRATION, READINGS, BASELINE}
# What is not edged's: programs, files, and words of the kernel and of Prometheus.
_OTHERS = {
    "edged",
    "journalctl",
    "mode",
    "performance",
    "policy",
    "prometheus.yml",
    "promql",
    "pwm1_enable",
    "timedatectl",
    "top",
}


def _options(kind: Any, path: str = "") -> Iterator[str]:
    """Every option of a table and of those in it."""
    for name, hint in get_type_hints(kind).items():
        if name not in {field.name for field in fields(kind)}:
            continue
        inner = f"{path}.{name}" if path else name
        tables = [each for each in (hint, *get_args(hint)) if is_dataclass(each)]
        for table in tables:
            yield from _options(table, inner)
        if not tables:
            yield inner


def _quoted() -> list[str]:
    return [" ".join(each.split()) for each in _QUOTED.findall(runbook().read_text(encoding="utf-8"))]


def test_every_word_in_backquotes_is_known() -> None:
    options = set(_options(Config))
    metrics = {family.name for family in FAMILIES}
    labels = _LABELS | {label for family in FAMILIES for label in family.labels}
    values = _RAILS | _COMPONENTS | {each.value for each in (*Reason, *Wait)}
    words = {each for each in _quoted() if re.fullmatch(r"[a-z][a-z0-9_.]*", each)}
    assert words - options - metrics - labels - values - _OTHERS == set()
    # The test has seen some of each.
    assert {"schedule.max_duty_ratio", "edged_journal_bytes", "component", "readings"} <= words


def test_every_metric_and_record_of_a_query_is_there() -> None:
    text = " ".join(_quoted())
    ends = {"histogram": ("_bucket", "_count", "_sum")}
    metrics = {family.name + end for family in FAMILIES for end in ends.get(family.kind, ("",))}
    records = set(re.findall(r"\w+:edged_\w+:\w+", text))
    assert records
    assert records <= recorded()
    named = set(re.findall(r"(?<![\w:])edged_\w+(?![\w:])", text))
    assert named - metrics == set()


def test_components_of_the_uncertainty_are_those_that_are_exported() -> None:
    section = (
        runbook().read_text(encoding="utf-8").partition("## EdgedUncertaintyHigh")[2].partition("\n## ")[0]
    )
    assert set(re.findall(r"Large `(\w+)`", section)) == _COMPONENTS
