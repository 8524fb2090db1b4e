"""Reads `edged.toml`, and reports everything that is wrong with it together."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from edged.config.lines import KeyPath, key_lines, line_of
from edged.config.problem import Problem
from edged.config.sections import Config
from edged.config.structure import expand, structure
from edged.errors import UsageError

DEFAULT_PATH = Path("etc/edged/edged.toml")
_MAX_BYTES = 1 << 18
_TOML_PLACE = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.S
)


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration and where it came from.

    Attributes:
        config: What holds.
        path: The file; None where there is none and all is default.
        lines: Line of each key in the file.
    """

    config: Config
    path: Path | None = None
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def origin(self, key: KeyPath) -> str:
        """Where an option's value came from: `default`, or file and line."""
        line = self.lines.get(key)
        return f"{self.path}:{line}" if line else "default"


def load_config(path: Path | None, root: Path = Path("/")) -> Config:
    """The configuration to work by.

    Args:
        path: The file; None for `/etc/edged/edged.toml` if there is one, else the defaults.
        root: Where the machine's file system begins.

    Raises:
        UsageError: If the file cannot be read, or anything in it cannot be used: one error says all.
    """
    return read_config(path, root).config


def read_config(path: Path | None, root: Path = Path("/")) -> ConfigFile:
    """As `load_config`, with where each value came from.

    Raises:
        UsageError: See `load_config`.
    """
    if path is None:
        path = root / DEFAULT_PATH
        if not path.exists():
            return ConfigFile(_with_home(Config()))
    return parse_config(_read(path), path)


def parse_config(text: str, path: Path) -> ConfigFile:
    """The configuration in the text of a file.

    Args:
        text: TOML.
        path: The file, for error messages and as the beginning of relative paths.

    Raises:
        UsageError: If the text is not TOML, or anything in it cannot be used: one error says all.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(error, path) from error
    except (ValueError, OverflowError) as error:  # a date such as 30 February, a number of 5000 digits
        raise UsageError(f"is not valid TOML: {error}", where=str(path)) from error
    except RecursionError as error:
        raise UsageError("has brackets nested too deeply", where=str(path)) from error
    lines = key_lines(text)
    config, problems = structure(document, path.parent)
    if config is None:
        raise _refusal(problems, path, lines)
    return ConfigFile(_with_home(config), path, lines)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise UsageError(
                f"is longer than {_MAX_BYTES >> 10} KiB: is it a configuration?", where=str(path)
            )
        return content.decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError("is not UTF-8 text", where=f"{path}:{line}") from error
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _syntax_error(error: tomllib.TOMLDecodeError, path: Path) -> UsageError:
    place = _TOML_PLACE.fullmatch(str(error))
    what = f"is not valid TOML: {place['what'] if place else error}"
    if place and place["line"]:
        return UsageError(f"{what} (column {place['column']})", where=f"{path}:{place['line']}")
    return UsageError(f"{what} (at the end of the file)", where=str(path))


def _refusal(problems: list[Problem], path: Path, lines: Mapping[KeyPath, int]) -> UsageError:
    placed = sorted({(line_of(problem.path, lines) or 0, str(problem)) for problem in problems})
    said = [(f"{path}:{line}" if line else str(path), what) for line, what in placed]
    if len(said) == 1:
        ((where, what),) = said
        return UsageError(what, where=where)
    listed = "".join(f"\n  {where}: {what}" for where, what in said)
    return UsageError(f"{len(said)} settings cannot be used:{listed}", where=str(path))


def _with_home(config: Config) -> Config:
    """Default paths begin at the home directory, which only the moment of reading knows."""
    models, journal = config.models, config.journal
    directory = _expanded("models.directory", models.directory)
    path = _expanded("journal.path", journal.path)
    return replace(config, models=replace(models, directory=directory), journal=replace(journal, path=path))


def _expanded(key: str, path: Path) -> Path:
    try:
        return expand(str(path), Path())
    except ValueError as error:
        raise UsageError(f"{key} {error}", remedy=f"set {key} in edged.toml") from error
