"""The configuration that holds, as a document that says where each value came from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from edged.config.file import ConfigFile
from edged.config.lines import KeyPath
from edged.config.option import Option, option_of
from edged.config.problem import is_bare


def effective(file: ConfigFile) -> Iterator[str]:
    """The lines of a TOML document with every option, set or not; reading it gives the same configuration.

    Secrets are not shown, and so not read again.

    Args:
        file: The configuration and where it came from.
    """
    for section in fields(file.config):
        yield from _tables((section.name,), section.name, getattr(file.config, section.name), file)


def _tables(path: KeyPath, header: str, value: Any, file: ConfigFile) -> Iterator[str]:  # noqa: ANN401
    """A table, an array of tables or a table of named tables, whatever the value is."""
    if isinstance(value, Mapping):
        for name, table in value.items():
            yield from _tables((*path, name), f"{header}.{_key(name)}", table, file)
    elif isinstance(value, tuple):
        for index, table in enumerate(value):
            yield f"[[{header}]]"
            yield from _options((*path, index), table, file)
    else:
        if any(option_of(field) for field in fields(value)):
            yield f"[{header}]"
            yield from _options(path, value, file)
        for nested in fields(value):
            if option_of(nested) is None:
                child = getattr(value, nested.name)
                yield from _tables((*path, nested.name), f"{header}.{nested.name}", child, file)


def _options(path: KeyPath, table: Any, file: ConfigFile) -> Iterator[str]:  # noqa: ANN401
    for field in fields(table):
        option = option_of(field)
        if option is not None:
            value = getattr(table, field.name)
            hidden = option.secret and bool(value)
            shown = "#" if value is None or hidden else ""
            assignment = f"{shown}{field.name} = {'(not shown)' if hidden else _toml(value)}".rstrip()
            yield f"{assignment:<40} # {file.origin((*path, field.name))}: {_explained(option)}"
    yield ""


def _explained(option: Option) -> str:
    return f"{option.meaning} [{option.unit}]" if option.unit else option.meaning


def _key(name: str) -> str:
    return name if is_bare(name) else _toml(name)


def _toml(value: Any) -> str:  # noqa: ANN401 - any option's value
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case tuple():
            return f"[{', '.join(_toml(item) for item in value)}]"
        case _:
            # JSON's escapes are TOML's, but JSON lets DEL stand, and TOML has no surrogate pairs.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
