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


@dataclass(frozen=True, slots=True)
class Record:
    """One recording rule as it stands in the file.

    Attributes:
        name: What it records.
        group: Its group.
        expr: Its expression, on one line.
    """

    name: str
    group: str
    expr: str


def groups(file: str = "edged.rules.yml") -> dict[str, str]:
    """The groups of recording rules, or of alerts, by name as they stand in the file."""
    text = (RULES / file).read_text(encoding="utf-8")
    _, *parts = re.split(r"^(?=  - name: )", text, flags=re.MULTILINE)
    return {part.partition("\n")[0].split()[-1]: part for part in parts}


def needed_by(*names: str) -> str:
    """A rule file for these alerts: their groups, and the groups of all records that those are made of.

    No other rule touches them: they fire as they do with all rules, which take promtool three times as long.
    """
    group_of = {record.name: record.group for record in records()}
    shipped = {**groups(), **groups("edged.alerts.yml")}
    left = [group for group, text in shipped.items() if any(f"- alert: {name}\n" in text for name in names)]
    assert left, names
    needed = set[str]()
    while left:
        group = left.pop()
        needed.add(group)
        records_used = re.findall(r"\w+:\w+:\w+", shipped[group])
        left += {group_of[record] for record in records_used} - needed
    return "groups:\n" + "".join(text for group, text in shipped.items() if group in needed)


def interval_s(group: str) -> int:
    """Seconds between two evaluations of a group of recording rules."""
    found = re.search(r"^    interval: (\d+)m$", groups()[group], re.MULTILINE)
    # That of all groups without their own: evaluation_interval.
    return 60 * int(found[1]) if found else 30


def records() -> list[Record]:
    """All recording rules, in their order."""
    rule = re.compile(r"^      - record: (\S+)\n        expr: (?:\|\n)?(.*\n(?: {10}.*\n)*)", re.MULTILINE)
    return [
        Record(name, group, " ".join(expr.split()))
        for group, text in groups().items()
        for name, expr in rule.findall(text)
    ]


def recorded() -> set[str]:
    """Names that the recording rules make."""
    return {each.name for each in records()}


def measured_by(each: Alert) -> set[str]:
    """Metrics of edged that an alert is made of, its records and what those are made of taken apart."""
    made_of = {record.name: record.expr for record in records()}
    names: set[str] = set()
    taken, left = set[str](), [each.expr]
    while left:
        expr = left.pop()
        names |= metric_names(expr)
        used = set(re.findall(r"\w+:\w+:\w+", expr)) - taken
        taken |= used
        left += [made_of[name] for name in used]
    return names


def metric_names(text: str) -> set[str]:
    """Metrics of edged in PromQL, comments left out."""
    code = "\n".join(line.partition("# ")[0] for line in text.splitlines())
    return set(re.findall(r"(?<![\w:])edged_\w+(?![\w:]*[:\w])", code))


def runbook() -> Path:
    """What to do about each alert."""
    return RULES.parent / "RUNBOOK.md"
