"""Where the kernel's cooling counters were when all counters were taken: they are written together.

So a daemon that was killed knows from where on the kernel's counts are not yet in its own. A mark is kept
among the counters, as some numbers more whose name no metric has.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields

from edged.journal.counters import CounterKey, Counters
from edged.sampling.kernel_count import KernelMark

_NAME = "cooling_mark"
_FIELDS = frozenset(field.name for field in fields(KernelMark))


def marks_as_counters(marks: Mapping[str, KernelMark], boot_id: str) -> Counters:
    """Marks as numbers that can be kept.

    Args:
        marks: By cooling device.
        boot_id: Of the boot that their times belong to.
    """
    return {
        (_NAME, frozenset({("device", device), ("boot_id", boot_id), ("field", field)})): number
        for device, mark in marks.items()
        for field, number in asdict(mark).items()
        if number >= 0
    }


def marks_in(counters: Counters, boot_id: str) -> tuple[dict[str, KernelMark], bool]:
    """The marks among the counters, by cooling device, and whether they are of this boot.

    What is incomplete is no mark: counting then begins anew, and nothing is counted twice.

    Args:
        counters: As they were kept.
        boot_id: Of this boot.
    """
    found: dict[str, dict[str, int]] = {}
    boot_ids = set()
    for (name, labels), number in counters.items():
        of = dict(labels)
        if name == _NAME and of.keys() == {"device", "boot_id", "field"}:
            found.setdefault(of["device"], {})[of["field"]] = int(number)
            boot_ids.add(of["boot_id"])
    marks = {device: KernelMark(**mark) for device, mark in found.items() if mark.keys() == _FIELDS}
    return marks, boot_ids == {boot_id}


def without_marks(counters: Counters) -> Counters:
    """All counters that are none of a mark's numbers."""
    return {key: value for key, value in counters.items() if not _of_mark(key)}


def _of_mark(key: CounterKey) -> bool:
    return key[0] == _NAME
