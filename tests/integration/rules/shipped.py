"""The shipped rule files as data."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.integration.rules.promtool import RULES


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it stands in the file.

    Attributes:
        name: Its name.
        text: Its lines.
    """

    name: str
    text: str

    @property
    def expr(self) -> str:
        """Its expression, on one line."""
        found = re.search(
            r"^        expr:( [^|].*$|.*?(?=^        \w+:))", self.text, re.MULTILINE | re.DOTALL
        )
        assert found, self.name
        return " ".join(found[1].strip().removeprefix("|").split())


def alerts() -> list[Alert]:
    """All alerts, in their order."""
    text = (RULES / "edged.alerts.yml").read_text(encoding="utf-8")
    _, *parts = re.split(r"^      - alert: ", text, flags=re.MULTILINE)
    return [Alert(part.partition("\n")[0].strip(), part) for part in parts]


def alert(name: str) -> Alert:
    """The alert of that name."""
    (found,) = [each for each in alerts() if each.name == name]
    return found


def recorded() -> set[str]:
    """Names that the recording rules make."""
    text = (RULES / "edged.rules.yml").read_text(encoding="utf-8")
    return set(re.findall(r"^      - record: (\S+)$", text, re.MULTILINE))


def metric_names(text: str) -> set[str]:
    """Metrics of edged in PromQL, comments left out."""
    code = "\n".join(line.partition("# ")[0] for line in text.splitlines())
    return set(re.findall(r"(?<![\w:])edged_\w+(?![\w:]*[:\w])", code))


def runbook() -> Path:
    """What to do about each alert."""
    return RULES.parent / "RUNBOOK.md"
