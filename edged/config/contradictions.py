"""What no single option can know: names that are taken twice, or meant nowhere.

They are sought in the document itself, so that they are found although other options are wrong.
"""

from collections.abc import Iterator
from typing import Any

from edged.config.lines import KeyPath
from edged.config.option import nearest, shorten
from edged.config.problem import Problem
from edged.config.schedule_contradictions import schedule_contradictions
from edged.inference.zoo import PRECISIONS, mobilenet_name
from edged.measurement.protocol import BUILT_IN
from edged.paper import ALPHAS
from edged.power.host_port import parse_host_port
from edged.power.settings import MeterKind


def contradictions(document: dict[str, Any]) -> Iterator[Problem]:
    """Options that do not fit each other.

    Args:
        document: What `tomllib` made of the file; its values may be of any type.
    """
    measure = _table(document.get("measure"))
    models = _tables(document.get("model"))
    own_protocols = _table(document.get("protocols"))
    for name in own_protocols:
        if name in BUILT_IN:
            yield Problem(("protocols", name), "has the name of a built-in protocol; give it another one")
    yield from _unknown(
        ("measure", "protocol"), measure.get("protocol"), [*BUILT_IN, *own_protocols], "protocols"
    )
    precisions = [*PRECISIONS, *_texts(models, "precision")]
    chosen = measure.get("precisions")
    for index, precision in enumerate(chosen if isinstance(chosen, list) else []):
        yield from _unknown(("measure", "precisions", index), precision, precisions, "precisions")
    yield from _taken_twice(_named(("model",), models))
    for index, model in enumerate(models):
        yield from _accuracy(("model", index), model)
    yield from _encryption(_table(document.get("exposition")))
    schedule = _table(document.get("schedule"))
    zoo = [mobilenet_name(alpha, each) for alpha in ALPHAS for each in PRECISIONS]
    yield from schedule_contradictions(schedule, [*BUILT_IN, *own_protocols], [*zoo, *_texts(models, "name")])
    power = _table(document.get("power"))
    rails, meters = _tables(power.get("rail")), _tables(power.get("meter"))
    yield from _taken_twice(
        [*_named(("power", "rail"), rails), *_named(("power", "meter"), meters, default="board")]
    )
    for index, meter in enumerate(meters):
        yield from _meter_address(("power", "meter", index, "address"), meter)


def _encryption(exposition: dict[str, Any]) -> Iterator[Problem]:
    """Files that are of no use without another one: everything would be served in clear text."""
    for key, other in (("certificate", "key"), ("key", "certificate"), ("client_ca", "certificate")):
        if key in exposition and other not in exposition:
            yield Problem(("exposition", key), f"is set without {other}; set both")


def _unknown(path: KeyPath, value: object, known: list[str], what: str) -> Iterator[Problem]:
    if isinstance(value, str) and value not in known:
        known = list(dict.fromkeys(known))
        listed = f"known {what} are {', '.join(shorten(name) for name in known)}"
        yield Problem(path, f'is "{shorten(value)}", but {listed}{nearest(value, known)}')


def _named(path: KeyPath, tables: list[dict[str, Any]], default: str = "") -> list[tuple[KeyPath, str]]:
    """The key and the text of the name of each table that has one."""
    names = [((*path, index, "name"), table.get("name", default)) for index, table in enumerate(tables)]
    return [(key, name) for key, name in names if isinstance(name, str) and name]


def _taken_twice(names: list[tuple[KeyPath, str]]) -> Iterator[Problem]:
    """Each name that another one before it has."""
    seen: set[str] = set()
    for key, name in names:
        if name in seen:
            yield Problem(key, f'is "{shorten(name)}", which is taken already')
        seen.add(name)


def _meter_address(path: KeyPath, meter: dict[str, Any]) -> Iterator[Problem]:
    """An address that is not of the kind that the meter's kind needs."""
    match meter:
        case {"kind": MeterKind.SMARTPOWER3_SERIAL, "address": str(address)} if not address.startswith("/"):
            yield Problem(path, f'is "{shorten(address)}", but must be a device such as /dev/ttyUSB0')
        case {"kind": MeterKind.SMARTPOWER3_UDP, "address": str(address)} if not _is_host_port(address):
            yield Problem(path, f'is "{shorten(address)}", but must be where to listen, such as 0.0.0.0:6000')
        case {"kind": MeterKind.SMARTPOWER2, "address": str(address)} if not _is_host_port(address):
            yield Problem(path, f'is "{shorten(address)}", but must be a host, or host:port')


def _is_host_port(text: str) -> bool:
    """Whether a meter's reader takes it: `host:port`, or a host whose port goes without saying."""
    try:
        parse_host_port(text, default_port=1)
    except ValueError:
        return False
    return True


def _accuracy(path: KeyPath, model: dict[str, Any]) -> Iterator[Problem]:
    top1, top5 = model.get("top1_ratio"), model.get("top5_ratio")
    if top5 is not None and top1 is None:
        yield Problem((*path, "top5_ratio"), "is set without top1_ratio; set both")
    elif isinstance(top1, int | float) and isinstance(top5, int | float) and top5 < top1:
        yield Problem((*path, "top5_ratio"), "is below top1_ratio, which cannot be")


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[dict[str, Any]]:
    """The value as an array of tables; what is no table in it counts as an empty one."""
    return [_table(item) for item in value] if isinstance(value, list) else []


def _texts(tables: list[dict[str, Any]], key: str) -> list[str]:
    return [value for table in tables if isinstance(value := table.get(key), str)]
