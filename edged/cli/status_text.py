"""The status of a daemon as text."""

from collections.abc import Iterator, Mapping
from typing import Any

from edged.cli.quantity import duration, with_uncertainty
from edged.daemon.sign_of_life import SignOfLife


def status_lines(sign: SignOfLife) -> Iterator[str]:
    """What a person wants to know, a line each.

    Args:
        sign: What the status file says.
    """
    yield f"edged is {sign.words}"
    if not sign.file:
        return
    status = sign.file["status"]
    simulated = f"  (SIMULATED: {sign.file.get('simulation')})" if status["simulated"] else ""
    yield f"board       {status['board']}{simulated}"
    if not sign.running:
        yield "what follows is the last that it told"
    yield from _activity(status)
    yield from _sensors(status)
    yield from _throttling(status)
    journal = status["journal"]
    if journal:
        lost = f", failed writes: {journal['failures']}" if journal["failures"] else ""
        yield f"journal     {sign.file.get('journal')}: {journal['bytes'] / 1024:.0f} KiB{lost}"
    yield f"metrics     {sign.file.get('metrics')}"
    yield from _results(status)


def _activity(status: Mapping[str, Any]) -> Iterator[str]:
    for each in status["running"]:
        yield f"measuring   {_name(each)} for {duration(each['for_s'])}, {each['protocol']} protocol"
    following = status["next"]
    if following:
        in_s = following["in_s"]
        when = "" if in_s is None else " now" if in_s < 1 else f" in {duration(in_s)}"
        yield f"next        {_name(following)}{when}"
    elif not status["running"]:
        yield "next        nothing: no case is to be measured"
    waiting = status["waiting"]
    if waiting:
        yield f"waits       for {duration(waiting['for_s'])}: {waiting['words']}"
    deferred = {reason: count for reason, count in status["deferred"].items() if count}
    if deferred:
        told = ", ".join(f"{reason} {count}" for reason, count in deferred.items())
        yield f"deferred    {told} (since edged was started)"
    for note in status["notes"]:
        yield f"note        {note}"


def _sensors(status: Mapping[str, Any]) -> Iterator[str]:
    failing = [each for each in status["sensors"] if not each["up"]]
    for each in failing:
        why = each["last_failure"] or "no reading yet"
        yield f"sensor      {each['sensor']} of rail {each['rail']} fails: {why}"
    good = [each["rail"] for each in status["sensors"] if each["up"]]
    if good:
        yield f"sensors     {', '.join(good)} answer"
    if not status["sensors"]:
        yield "sensors     none: no power, no energy"


def _throttling(status: Mapping[str, Any]) -> Iterator[str]:
    at_c = status["temperature_c"]
    warm = "" if at_c is None else f"{at_c:.0f} °C, "
    now = [cluster for cluster, each in status["throttling"].items() if each["throttled"]]
    before = [
        f"{cluster} {_times(each['events'])}, {duration(each['seconds'])} in all"
        for cluster, each in status["throttling"].items()
        if each["events"]
    ]
    held = f"{' and '.join(now)} held back now" if now else "not held back now"
    yield f"throttling  {warm}{held}{'; so far ' + '; '.join(before) if before else ''}"


def _results(status: Mapping[str, Any]) -> Iterator[str]:
    yield "last results"
    for each in status["results"]:
        latency = each["latency_s"]
        if latency is None:
            told = "no valid measurement yet"
        else:
            told = with_uncertainty(latency["value"], latency["u95"], "s")
            energy = each["net_energy_j"].get(each["cpu_cluster"])
            told += f"  {with_uncertainty(energy['value'], energy['u95'], 'J')}" if energy else ""
            told += f"  {duration(each['age_s'])} ago" if each["age_s"] is not None else ""
        if each["last_verdict"] == "rejected":
            told += f"  (the last one rejected: {'; '.join(each['last_rejections'])})"
        yield f"  {_name(each)}  {told}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _name(case: Mapping[str, Any]) -> str:
    return f"{case['model']}@{case['cpu_cluster']}"
