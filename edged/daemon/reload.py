"""Reads the configuration again when asked to (SIGHUP): all of it, or nothing.

What says how and when to measure holds from the next measurement on, and who may ask from the next request
on. Where edged listens, which sensors it has and where its files lie are decided at its start: a change of
those is told, and waits for a restart. Where it listens is for systemd to say where that holds the port: no
restart changes it then.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass, replace

from edged.clock import NS_PER_S, Clock
from edged.config.sections import Config
from edged.daemon.notify import Notifier
from edged.errors import EdgedError
from edged.events import RELOAD_REFUSED, RELOADED
from edged.exposition.reload_state import ReloadState

_LOG = logging.getLogger(__name__)
_STEP_NS = NS_PER_S // 4
_AT_START = ("exposition", "journal", "power", "daemon")
_AT_ONCE = ("exposition.users",)


class Reloader:
    """A `Sampler`: a thread of its own reads, checks and builds models, while measuring goes on.

    Args:
        config: What holds from the start.
        read: Reads the configuration again; raises `EdgedError` if it cannot be used.
        apply: Has it hold; raises `EdgedError` if this board cannot do it.
        path: Its file, for the log.
        notifier: Tells systemd.
        clock: Where time comes from.
        without_effect: Options that do not count here, after a restart either: `exposition.listen`.
    """

    name = "reload"

    def __init__(
        self,
        config: Config,
        *,
        read: Callable[[], Config],
        apply: Callable[[Config], None],
        path: str,
        notifier: Notifier,
        clock: Clock,
        without_effect: Collection[str] = (),
    ) -> None:
        """Nothing is asked for yet."""
        self._at_start = config
        self._read = read
        self._apply = apply
        self._path = path
        self._notifier = notifier
        self._clock = clock
        self._without_effect = without_effect
        self._asked = False
        self.state = ReloadState(successful=True, success_wall_s=clock.wall_s())

    def ask(self) -> None:
        """Have the configuration read soon; from a signal handler: it only sets an attribute."""
        self._asked = True

    def step(self) -> int:
        """Reload if that was asked for.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        if self._asked:
            self._asked = False
            self._notifier.reloading()
            try:
                self._reload()
            finally:
                self._notifier.ready()
        return self._clock.monotonic_ns() + _STEP_NS

    def close(self) -> None:
        """Nothing is open."""

    def _reload(self) -> None:
        try:
            config = self._read()
            self._apply(config)
        except EdgedError as error:
            self.state = replace(self.state, successful=False)
            message = f"the new configuration is refused, and the old one holds: {error}"
            RELOAD_REFUSED.tell(_LOG, message, EDGED_CONFIG=self._path)
            return
        changed = changed_at_start(self._at_start, config)
        needs_restart = tuple(each for each in changed if each not in self._without_effect)
        self.state = ReloadState(
            successful=True, success_wall_s=self._clock.wall_s(), needs_restart=needs_restart
        )
        message = f"{self._path} read again"
        if needs_restart:
            message += f"; {', '.join(needs_restart)} will hold after a restart"
        RELOADED.tell(_LOG, message, EDGED_CONFIG=self._path, EDGED_NEEDS_RESTART=" ".join(needs_restart))


def changed_at_start(before: Config, after: Config) -> list[str]:
    """Options that differ and take a restart: `exposition.listen`.

    Args:
        before: What held at the start.
        after: What the file says now.
    """
    changed = []
    for name in _AT_START:
        old, new = getattr(before, name), getattr(after, name)
        assert is_dataclass(old)  # noqa: S101 - a section of the configuration
        changed += [
            f"{name}.{field.name}"
            for field in fields(old)
            if getattr(old, field.name) != getattr(new, field.name)
        ]
    return [each for each in changed if each not in _AT_ONCE]
