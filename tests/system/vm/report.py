"""The guest's report, for people and for the exit code."""

import json
from dataclasses import dataclass, field
from typing import Self

_MARKS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one check.

    Attributes:
        name: The check in words: "a fault of the bus reaches the reader (EIO)".
        outcome: `passed`, `failed` or `skipped`.
        duration_s: How long it took in the guest, in seconds.
        detail: Why it failed or was skipped; else what it had to say.
    """

    name: str
    outcome: str
    duration_s: float
    detail: str

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line of the report.

        Raises:
            ValueError: If it is not one.
        """
        try:
            facts = json.loads(line)
            check, outcome = str(facts["check"]), str(facts["outcome"])
            seconds, detail = float(facts["seconds"]), str(facts["detail"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a line of the guest's report: {line[:80]!r}") from error
        if outcome not in _MARKS:
            raise ValueError(f"a check cannot be {outcome!r}")
        return cls(_in_words(check), outcome, seconds, detail)

    def lines(self) -> str:
        """One line, and below it what there is to say."""
        first = f"{_MARKS[self.outcome]:8}{self.name}  [{self.duration_s:.1f} s]"
        return "\n".join([first, *(f"        {line}" for line in self.detail.splitlines())])


@dataclass(slots=True)
class Tally:
    """How many checks passed and failed.

    Attributes:
        counts: Checks by outcome.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_MARKS, 0))

    def add(self, check: Check) -> None:
        """Count one more."""
        self.counts[check.outcome] += 1

    @property
    def good(self) -> bool:
        """Whether something passed and nothing failed."""
        return self.counts["passed"] > 0 and self.counts["failed"] == 0

    def __str__(self) -> str:
        """`12 passed, 0 failed`."""
        return f"{self.counts['passed']} passed, {self.counts['failed']} failed"


def _in_words(check: str) -> str:
    name, bracket, parameters = check.removeprefix("test_").partition("[")
    words = name.replace("_", " ")
    return f"{words} ({parameters.removesuffix(']')})" if bracket else words
