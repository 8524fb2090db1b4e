"""Reads before or amid an update, which keep its phase known: the reads behind updates say nothing of it.

```
 update                      │
 reads       ▯              ▯▯▯               ▯
           proof           probe        new average
```

A **probe** lies amid the update and shows on which side of it the chip is, if the averages differ. A
**proof** comes so early that it must still show the old average: a chip that began anew also gives one new
average a period, and only a look where there can be no update yet shows that it is elsewhere.
"""

from edged.sampling.phase import SURE, Phase, Update

_SHARPEST_NS = 600_000  # half of what a read takes: more cannot be seen
_SHARPEST_SHARE = 0.002  # nor better than this share of a period
_NEARLY_SILENT = 0.1  # share of averages that differ, below which a probe is hardly ever answered
_SILENT_EVERY = 8  # averages after which one is made all the same
_PROVE_EVERY, _PROVE_EVERY_NS = 16, 2_000_000_000  # averages and time after which the phase is proved


class Probes:
    """Says when to probe the updates of one chip."""

    def __init__(self) -> None:
        """Begin with none made."""
        self._probed: int | None = None  # the update for which the last one was made
        self._proved = 0

    def begin(self, number: int) -> None:
        """The updates begin anew with this one, and may be numbered anew."""
        self._probed = None
        self._proved = number

    def next_ns(
        self, phase: Phase, update: Update, loudness: float, *, now_ns: int, read_ns: int
    ) -> int | None:
        """When to probe before the new average is read; None if there is no need, or it is too late.

        Args:
            phase: What is known of the chip's updates.
            update: The one before the new average.
            loudness: Share of the newest averages that differed from the one before.
            now_ns: Monotonic time.
            read_ns: How long a read takes.
        """
        if self._probed == update.number:
            return None
        probe_ns = self._probe_ns(phase, update, loudness, read_ns)
        if probe_ns is None or probe_ns <= now_ns:
            return None
        self._probed = update.number
        return round(probe_ns)

    def _probe_ns(self, phase: Phase, update: Update, loudness: float, read_ns: int) -> float | None:
        if update.uncertainty_ns > max(_SHARPEST_NS, _SHARPEST_SHARE * phase.period_ns):
            often = loudness > _NEARLY_SILENT or update.number % _SILENT_EVERY == 0
            return update.at_ns - read_ns / 2 if often else None
        if update.number - self._proved >= max(_PROVE_EVERY, _PROVE_EVERY_NS / phase.period_ns):
            self._proved = update.number
            return update.at_ns - SURE * update.uncertainty_ns - 2 * read_ns
        return None
