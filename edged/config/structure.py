"""From the tables of a TOML document to `Config`, with every problem found on the way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast, get_args, get_origin

from cattrs import ClassValidationError, Converter, IterableValidationError
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, override

from edged.config.contradictions import contradictions
from edged.config.lines import KeyPath
from edged.config.names import name_complaint
from edged.config.option import Option, nearest, option_of, shorten
from edged.config.problem import Problem
from edged.config.sections import Config

_Hook = Callable[[Any, Any], Any]


class _RefusedError(ValueError):
    """A value cannot be used; the message says why."""


def structure(document: dict[str, Any], base: Path) -> tuple[Config | None, list[Problem]]:
    """The configuration in a document; None if there is any problem.

    Args:
        document: What `tomllib` made of the file.
        base: Directory that relative paths begin from.
    """
    converter = _converter(base)
    kinds = {field.name: field.type for field in fields(Config)}
    sections: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in document.items():
        meant = key
        if key not in kinds:
            problems.append(Problem((key,), _unknown(key, list(kinds))))
            # A table under a misspelt name is read as what it was meant to be: all errors at once.
            meant = next(iter(get_close_matches(key, kinds, n=1)), "")
        if meant:
            try:
                sections[meant] = converter.structure(value, cast("type[Any]", kinds[meant]))
            except (ClassValidationError, IterableValidationError, _RefusedError) as error:
                problems += _problems(error, (key,))
    problems += contradictions(document)
    return (None if problems else Config(**sections)), problems


def expand(text: str, base: Path) -> Path:
    """A path as the file means it: `~` is the home directory, and relative paths begin from `base`.

    Raises:
        ValueError: If there is no such home directory, or the text can be no path.
    """
    if not text or "\0" in text:
        raise _RefusedError("is no path")
    try:
        return base / Path(text).expanduser()
    except RuntimeError as error:
        raise _RefusedError(f'is "{shorten(text)}", but there is no such home directory') from error


def _converter(base: Path) -> Converter:
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    converter.register_structure_hook(str, lambda value, _: _exactly(value, str, "a text"))
    converter.register_structure_hook(bool, lambda value, _: _exactly(value, bool, "true or false"))
    converter.register_structure_hook(int, lambda value, _: _exactly(value, int, "a whole number"))
    converter.register_structure_hook(float, lambda value, _: _number(value))
    converter.register_structure_hook(Path, lambda value, _: expand(_exactly(value, str, "a text"), base))
    converter.register_structure_hook_factory(is_dataclass, lambda cls: _table_hook(converter, cls))
    converter.register_structure_hook_factory(
        lambda kind: _is_generic(kind, tuple), lambda kind: _array_hook(converter, kind)
    )
    converter.register_structure_hook_factory(
        lambda kind: _is_generic(kind, Mapping), lambda kind: _named_tables_hook(converter, kind)
    )
    return converter


def _is_generic(kind: object, origin: object) -> bool:
    return get_origin(kind) is origin


def _table_hook(converter: Converter, cls: type) -> _Hook:
    hooks: dict[str, Any] = {
        field.name: override(struct_hook=_option_hook(converter, option))
        for field in fields(cls)
        if (option := option_of(field))
    }
    structure_fields: _Hook = make_dict_structure_fn(
        cls, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True, **hooks
    )
    return lambda value, kind: structure_fields(_exactly(value, dict, "a table"), kind)


def _option_hook(converter: Converter, option: Option) -> _Hook:
    def hook(value: Any, kind: Any) -> Any:  # noqa: ANN401
        try:
            structured = converter.structure(value, kind)
        except (ClassValidationError, IterableValidationError, _RefusedError) as error:
            if option.secret:
                raise _RefusedError("is not of the right kind; what it holds is not repeated here") from error
            raise
        if complaint := option.complaint(structured):
            raise _RefusedError(complaint)
        return structured

    return hook


def _array_hook(converter: Converter, kind: Any) -> _Hook:  # noqa: ANN401
    (item_kind, _) = get_args(kind)

    def hook(value: Any, _: Any) -> Any:  # noqa: ANN401
        items = enumerate(_exactly(value, list, "an array"))
        return tuple(_each(items, lambda _, item: converter.structure(item, item_kind)))

    return hook


def _named_tables_hook(converter: Converter, kind: Any) -> _Hook:  # noqa: ANN401
    (_, item_kind) = get_args(kind)

    def named(name: str, item: Any) -> tuple[str, Any]:  # noqa: ANN401
        if complaint := name_complaint(name):
            raise _RefusedError(f"has a name that {complaint}")
        return name, converter.structure(item, item_kind)

    return lambda value, _: dict(_each(_exactly(value, dict, "a table").items(), named))


def _each(items: Iterable[tuple[Any, Any]], structure_item: Callable[[Any, Any], Any]) -> list[Any]:
    """All items, or all of their problems in one exception."""
    structured, errors = [], []
    for index, item in items:
        try:
            structured.append(structure_item(index, item))
        except (ClassValidationError, IterableValidationError, _RefusedError) as error:
            error.add_note(IterableValidationNote("", index, object))
            errors.append(error)
    if errors:
        raise IterableValidationError("", errors, list)
    return structured


def _exactly(value: Any, kind: type, what: str) -> Any:  # noqa: ANN401
    if type(value) is not kind:
        raise _RefusedError(f"is {_in_words(value)}, but must be {what}")
    return value


def _number(value: Any) -> float:  # noqa: ANN401
    if type(value) is not float:
        value = _exactly(value, int, "a number")
    try:
        return float(value)
    except OverflowError as error:
        raise _RefusedError("is too great a number") from error


def _in_words(value: Any) -> str:  # noqa: ANN401
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'the text "{shorten(value)}"'
        case dict():
            return "a table"
        case list():
            return "an array"
        case int() | float():
            return f"the number {_digits(value)}"
        case _:
            return "a date or a time"


def _digits(value: float) -> str:
    try:
        return shorten(str(value))
    except ValueError:  # Python refuses to print whole numbers of more than 4300 digits
        return "of thousands of digits"


def _problems(error: BaseException, path: KeyPath) -> Iterator[Problem]:
    match error:
        case ClassValidationError() | IterableValidationError():
            with_notes, without_notes = error.group_exceptions()
            for nested, note in with_notes:
                key = note.name if isinstance(note, AttributeValidationNote) else note.index
                yield from _problems(nested, (*path, key))
            for nested in without_notes:
                yield from _problems(nested, path)
        case ForbiddenExtraKeysError():
            known = [field.name for field in fields(error.cl)]
            for key in sorted(error.extra_fields):
                yield Problem((*path, key), _unknown(key, known))
        case KeyError():
            yield Problem(path, "is missing, but must be set")
        case _:
            yield Problem(path, str(error))


def _unknown(key: str, known: list[str]) -> str:
    return "is not known here" + (nearest(key, known) or f"; known are {', '.join(known)}")
