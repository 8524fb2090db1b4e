"""Writes unit tests for `promtool test rules`, and runs them."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RULES = Path(__file__).resolve().parents[3] / "deploy" / "prometheus"
RULE_FILES = (RULES / "edged.rules.yml", RULES / "edged.alerts.yml")
CONFIGURATION = RULES.parent / "stack" / "prometheus.yml"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample, one that is missing (None), or the mark of a series that has ended ("stale")."""

    value: float | str | None

    def __str__(self) -> str:
        """As promtool writes it."""
        return (
            "_"
            if self.value is None
            else f"{self.value:.12g}"
            if isinstance(self.value, float)
            else self.value
        )


# A whole day takes promtool a minute of CPU time, and a busy machine many times that.
_PATIENCE_S = 3600.0


def run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run promtool with these arguments, to its end."""
    promtool = shutil.which("promtool")
    assert promtool
    return subprocess.run(
        [promtool, *map(str, words)], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )


def group_names() -> list[str]:
    """The groups of all rules, in the order of the files."""
    return [
        name
        for path in RULE_FILES
        for name in re.findall(r"^  - name: (\S+)$", path.read_text(), re.MULTILINE)
    ]


def written_test(
    interval_min: int,
    series: Mapping[str, Sequence[Sample]],
    checks: Mapping[str, Any],
    rule_files: Sequence[Path] = RULE_FILES,
) -> str:
    """A test file of one test.

    Args:
        interval_min: Minutes between two samples, and between two evaluations.
        series: Samples by series.
        checks: `alert_rule_test` or `promql_expr_test`, as promtool has them.
        rule_files: The shipped files, or others with groups of the same names.
    """
    test = {
        "interval": f"{interval_min}m",
        "input_series": [{"series": name, "values": " ".join(map(str, row))} for name, row in series.items()],
        **checks,
    }
    # JSON is YAML, and needs no package.
    document = {
        "rule_files": [str(path) for path in rule_files],
        "evaluation_interval": f"{interval_min}m",
        # What the alerts are made of comes first.
        "group_eval_order": group_names(),
        "tests": [test],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)
