"""The chip's updates are not known: reads in quick succession, until changes of the value have shown them.

Meanwhile only time in which nothing changed counts as observed (see `shown_value`).
"""

from edged.clock import NS_PER_S
from edged.power.chip_facts import CONVERSION_TIME_TOLERANCE
from edged.sampling.averaging import SLOW_PERIOD_NS, is_long
from edged.sampling.phase import Phase, Update
from edged.sampling.rail_account import RailAccount
from edged.sampling.shown_value import RegisterRead, ShownValue, gapless_ns

_ROUGHLY_KNOWN = 1 / 5  # of a period: with less uncertainty reads are put around the update
_SHORTEST_NS = 4_000_000  # from read to read
_LIVELY_NS = 3 * NS_PER_S  # after a change, further ones are soon to come
_QUIET_NS = 10 * NS_PER_S


class UpdateSearch:
    """Counts what is certain of one chip meanwhile, and says when to read next.

    Args:
        account: Where the readings go.
        shown: The value that the chip shows.
    """

    def __init__(self, account: RailAccount, shown: ShownValue) -> None:
        """Begin at any time: all that is to be remembered is in account and value."""
        self._account = account
        self._shown = shown

    def take(self, phase: Phase, read: RegisterRead) -> None:
        """Count the time in which every average must have had the value that a read showed.

        Args:
            phase: What is known of the chip's updates.
            read: The read.
        """
        start_ns = max(self._shown.gapless_since_ns, self._account.settled_ns)
        end_ns = read.before_ns - round((1 + CONVERSION_TIME_TOLERANCE) * phase.period_ns)
        if end_ns > start_ns:
            self._account.add(read.sample.over(start_ns, end_ns))
            self._account.note_updates(phase, end_ns)

    def next_read_ns(self, phase: Phase, coming: Update, read: RegisterRead, *, fast: bool) -> int:
        """When to read next: soon after a change, seldom on a rail that sleeps.

        Args:
            phase: What is known of the chip's updates.
            coming: The first update after the newest read began.
            read: That read.
            fast: Whether this is a measurement.

        Returns:
            Monotonic time in nanoseconds.
        """
        before_ns, now_ns = read.before_ns, read.after_ns
        unchanged_ns = now_ns - self._shown.unchanged_since_ns
        if not fast and unchanged_ns > _QUIET_NS:
            return before_ns + (gapless_ns(phase.period_ns) if is_long(phase.period_ns) else SLOW_PERIOD_NS)
        lively = unchanged_ns < max(_LIVELY_NS, 4 * phase.period_ns)
        latest_ns = before_ns + max(_SHORTEST_NS, round((0.3 if lively else 0.45) * phase.period_ns))
        # Where the next update is known to some degree, narrow it down.
        if lively and coming.uncertainty_ns < _ROUGHLY_KNOWN * phase.period_ns:
            earliest_ns = max(now_ns, before_ns + _SHORTEST_NS // 2)
            for aside in (-1.2, -0.4, 0.4, 1.2):
                at_ns = round(coming.at_ns + aside * coming.uncertainty_ns)
                if earliest_ns <= at_ns < latest_ns:
                    return at_ns
        return max(now_ns, latest_ns)
