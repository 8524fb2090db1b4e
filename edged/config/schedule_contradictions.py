"""What in `[schedule]` does not fit the rest of it, or would have nothing measured."""

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from edged.config.lines import KeyPath
from edged.config.option import nearest, shorten
from edged.config.problem import Problem
from edged.config.schedule_section import SWEEP
from edged.schedule.quiet_hours import QuietHours

_DAY_MINUTES = 24 * 60


def schedule_contradictions(
    schedule: Mapping[str, Any], protocols: Collection[str], models: Collection[str]
) -> Iterator[Problem]:
    """Options of the schedule that do not fit each other.

    Args:
        schedule: The table as `tomllib` made it; its values may be of any type.
        protocols: Names of the protocols that there are.
        models: Names of the models that there are.
    """
    busy, until = _number(schedule.get("busy_cpus"), 1.0), _number(schedule.get("busy_until_cpus"), 0.5)
    if until > busy:
        yield Problem(
            ("schedule", "busy_until_cpus"),
            f"is {until:g}, above busy_cpus ({busy:g}): a busy board would never be busy",
        )
    yield from _always_quiet(("schedule", "quiet_hours"), schedule.get("quiet_hours"))
    workloads = schedule.get("workload")
    workloads = workloads if isinstance(workloads, list) else []
    for index, workload in enumerate(workloads):
        if isinstance(workload, dict):
            path: KeyPath = ("schedule", "workload", index)
            yield from _workload(path, workload, protocols, models)
            if _switches_all_off(workload) and not any(map(_switches_on, workloads[index + 1 :])):
                yield Problem(
                    (*path, "enabled"), "is false for every case, so that nothing would be measured"
                )
            if "weight" in workload and schedule.get("order", SWEEP) == SWEEP:
                yield Problem(
                    (*path, "weight"),
                    f'is set, but in schedule.order = "{SWEEP}" all have their turn equally often; '
                    'set order = "weights", or leave it out',
                )


def _workload(
    path: KeyPath, workload: Mapping[str, Any], protocols: Collection[str], models: Collection[str]
) -> Iterator[Problem]:
    protocol = workload.get("protocol")
    if isinstance(protocol, str) and protocol not in protocols:
        known = f"known protocols are {', '.join(shorten(name) for name in protocols)}"
        yield Problem(
            (*path, "protocol"), f'is "{shorten(protocol)}", but {known}{nearest(protocol, protocols)}'
        )
    model = workload.get("model")
    if isinstance(model, str) and model and not any(fnmatchcase(name, model) for name in models):
        yield Problem(
            (*path, "model"), f'is "{shorten(model)}", but no model has such a name{nearest(model, models)}'
        )
    yield from _always_quiet((*path, "quiet_hours"), workload.get("quiet_hours"))


def _switches_all_off(workload: Mapping[str, Any]) -> bool:
    for_all = all(workload.get(key) in (None, "*") for key in ("model", "cluster"))
    return for_all and workload.get("enabled") is False


def _switches_on(workload: object) -> bool:
    return isinstance(workload, dict) and workload.get("enabled") is True


def _always_quiet(path: KeyPath, texts: object) -> Iterator[Problem]:
    hours = []
    for text in texts if isinstance(texts, list) else []:
        try:
            hours.append(QuietHours.parse(text))
        except (ValueError, TypeError):
            return  # the option itself complains
    if all(any(each.contains(minute) for each in hours) for minute in range(_DAY_MINUTES)):
        yield Problem(
            path, "are the whole day, so that nothing would be measured; use enabled = false instead"
        )


def _number(value: object, default: float) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else default
