"""What edged tells the log about, a kind of event each, with the id by which journalctl finds it.

`journalctl MESSAGE_ID=...` and `journalctl EDGED_EVENT=sensor_lost` find one kind,
`journalctl EDGED_CASE=...` what became of one case. The table in systemd/README.md is made of this one.
"""

import logging
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event.

    Attributes:
        name: Value of `EDGED_EVENT`.
        message_id: Value of `MESSAGE_ID`: random once, and the same for ever.
        level: As the standard library counts them.
        meaning: When it is logged, for people.
        fields: What else is in the entry.
    """

    name: str
    message_id: str
    level: int
    meaning: str
    fields: tuple[str, ...] = ()

    def tell(self, log: logging.Logger, message: str, **fields: str) -> None:
        """Log one.

        Args:
            log: Of whom it happened to.
            message: For people.
            fields: Values of `fields`, by name.
        """
        own = {"EDGED_EVENT": self.name, "MESSAGE_ID": self.message_id}
        log.log(self.level, "%s", message, extra=own | fields)


_CASE = ("EDGED_CASE", "EDGED_MODEL", "EDGED_CPU_CLUSTER", "EDGED_VERDICT")
_RAIL = ("EDGED_RAIL", "EDGED_SENSOR")

STARTED = EventKind(
    "started",
    "bd749a94bf8d47f0ae70a38320645048",
    logging.INFO,
    "edged serves and measures from now on",
    ("EDGED_VERSION", "EDGED_BOARD", "EDGED_ADDRESS"),
)
STOPPED = EventKind(
    "stopped",
    "c7ed62dc4bd54660986e123a5dff6618",
    logging.INFO,
    "it was asked to end, and what it has is kept",
)
MEASURED = EventKind(
    "measured", "894d7aaa1c4c4374a8a2e992588517a9", logging.INFO, "a measurement is finished and valid", _CASE
)
REJECTED = EventKind(
    "rejected",
    "abf2dc0bc0164c3dab8994a1cad19c97",
    logging.WARNING,
    "a measurement is finished and not to be believed",
    (*_CASE, "EDGED_REASONS"),
)
DEFERRED = EventKind(
    "deferred",
    "bcf443d18f5841dbb92aeff8653bcb8d",
    logging.INFO,
    "a measurement has to wait",
    ("EDGED_CASE", "EDGED_REASON"),
)
SENSOR_LOST = EventKind(
    "sensor_lost", "71f979cad1ad418aba20c9ac1c0aec37", logging.WARNING, "a power sensor fails", _RAIL
)
SENSOR_BACK = EventKind(
    "sensor_back", "6720363cc8ea4e51b6cdfa2b3d38d879", logging.INFO, "a power sensor answers again", _RAIL
)
THROTTLING_BEGAN = EventKind(
    "throttling_began",
    "81176221c251467a8fe159bd5b17811f",
    logging.WARNING,
    "the kernel holds a CPU cluster back",
    ("EDGED_CPU_CLUSTER",),
)
THROTTLING_ENDED = EventKind(
    "throttling_ended",
    "f0842ab6b67949a88dff31d106fbbb26",
    logging.INFO,
    "it no longer does",
    ("EDGED_CPU_CLUSTER",),
)
RELOADED = EventKind(
    "reloaded",
    "e6865784dd054e27a842a19f38158d9a",
    logging.INFO,
    "a new configuration holds; the message says what of it needs a restart",
    ("EDGED_CONFIG", "EDGED_NEEDS_RESTART"),
)
RELOAD_REFUSED = EventKind(
    "reload_refused",
    "a1859e5aa93c40c2b815faf037f9a46a",
    logging.ERROR,
    "the new configuration cannot be used, and the old one still holds",
    ("EDGED_CONFIG",),
)
CLOCK_STEPPED = EventKind(
    "clock_stepped",
    "7e3aa2fc851d42f3935894b33cb052c2",
    logging.WARNING,
    "the wall clock jumped; no duration is measured by it",
    ("EDGED_STEP_SECONDS",),
)
JOURNAL_SET_ASIDE = EventKind(
    "journal_set_aside",
    "231a2798e497425a973add21887cd4fa",
    logging.WARNING,
    "edged's own journal was damaged; it is kept under another name, and a new one is begun",
    ("EDGED_JOURNAL",),
)
JOURNAL_FAILING = EventKind(
    "journal_failing",
    "6e03818f17af44d1b0242779aef8b923",
    logging.WARNING,
    "edged's own journal cannot be written; measuring goes on",
    ("EDGED_JOURNAL",),
)
NOT_WELL = EventKind(
    "not_well",
    "a3606fbef38645a28ab3fc47be3cde1b",
    logging.ERROR,
    "a thread has ended or is stuck: the watchdog will start edged anew",
)

EVENTS = (
    *(STARTED, STOPPED, MEASURED, REJECTED, DEFERRED, SENSOR_LOST, SENSOR_BACK),
    *(THROTTLING_BEGAN, THROTTLING_ENDED, RELOADED, RELOAD_REFUSED, CLOCK_STEPPED),
    *(JOURNAL_SET_ASIDE, JOURNAL_FAILING, NOT_WELL),
)
