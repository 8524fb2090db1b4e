"""TOML documents of any shape, biased towards keys and values that mean something to edged."""

import json
from dataclasses import fields
from typing import Any

from hypothesis import strategies as st

from edged.config.daemon_section import DaemonSection
from edged.config.own_models import ModelEntry
from edged.config.own_protocols import ProtocolEntry
from edged.config.power_section import MeterEntry, PowerSection, RailEntry
from edged.config.schedule_section import ScheduleSection, WorkloadEntry
from edged.config.sections import (
    ClusterEntry,
    Config,
    ExpositionSection,
    JournalSection,
    MeasureSection,
    ModelsSection,
)

_TABLES = (
    Config,
    MeasureSection,
    ModelsSection,
    ExpositionSection,
    JournalSection,
    ModelEntry,
    ProtocolEntry,
    ClusterEntry,
    PowerSection,
    RailEntry,
    MeterEntry,
    ScheduleSection,
    WorkloadEntry,
    DaemonSection,
)
_KNOWN_KEYS = sorted({field.name for table in _TABLES for field in fields(table)})
_KNOWN_TEXTS = (
    "auto",
    "paper",
    "fp32",
    "board",
    "smartpower2",
    "smartpower3-udp",
    "22:00-06:30",
    "~/x",
    "~nobody/x",
    "[::1]:1",
)

_texts = st.text(st.characters(codec="utf-8"), max_size=8)
_keys = st.sampled_from(_KNOWN_KEYS) | _texts
_scalars: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    _texts,
    st.sampled_from(_KNOWN_TEXTS),
    st.datetimes(),
    st.dates(),
    st.times(),
)
_values: st.SearchStrategy[Any] = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=6,
)
_sections = st.dictionaries(
    _keys, _values | st.lists(st.dictionaries(_keys, _values, max_size=4)), max_size=4
)
documents: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from([field.name for field in fields(Config)]) | _texts, _sections | _values, max_size=4
)


def to_toml(document: dict[str, Any]) -> str:
    """A document as text, its tables and arrays of tables written with headers."""
    lines: list[str] = []
    _write_table((), document, lines)
    return "\n".join(lines) + "\n"


def _write_table(path: tuple[str, ...], table: dict[str, Any], lines: list[str]) -> None:
    for key, value in table.items():
        if not isinstance(value, dict) and not _is_array_of_tables(value):
            lines.append(f"{_text(key)} = {_value(value)}")
    for key, value in table.items():
        header = ".".join(_text(part) for part in (*path, key))
        if isinstance(value, dict):
            lines.append(f"[{header}]")
            _write_table((*path, key), value, lines)
        elif _is_array_of_tables(value):
            for item in value:
                lines.append(f"[[{header}]]")
                _write_table((*path, key), item, lines)


def _is_array_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case list():
            return "[\n" + "".join(f"  {_value(item)}, # [\n" for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{_text(key)} = {_value(item)}" for key, item in value.items()) + "}"
        case int() | float():
            return repr(value)
        case _:
            return str(value.isoformat())


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
