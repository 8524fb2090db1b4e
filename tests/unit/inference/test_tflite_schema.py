"""The schema that files are checked against is the one that the installed packages know."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import tflite

from edged.inference import tflite_names, tflite_schema
from edged.inference.tflite_schema import (
    TABLES,
    UNIONS,
    Field,
    Numbers,
    OneOf,
    OneTable,
    Scalar,
    Tables,
    Text,
)

WIDTHS = {"Bool": 1, "Int8": 1, "Uint8": 1, "Int16": 2, "Uint16": 2, "Int32": 4, "Uint32": 4, "Float32": 4}
WIDTHS |= {"Int64": 8, "Uint64": 8}
ACCESSOR = re.compile(
    r"    def (\w+)\(self(?:, j)?\):\n"
    r"        o = flatbuffers\.number_types\.UOffsetTFlags\.py_type\(self\._tab\.Offset\((\d+)\)\)\n"
    r"((?:        .*\n)+)"
)


def _generated_text() -> str:
    """The generated schema of ai-edge-litert, or of the schema package where that is not installed."""
    litert = importlib.util.find_spec("ai_edge_litert")
    if litert is not None and litert.submodule_search_locations:
        generated = Path(litert.submodule_search_locations[0]) / "schema_py_generated.py"
        if generated.is_file():
            return generated.read_text()
    directory = Path(str(tflite.__file__)).parent
    return "\n".join(path.read_text() for path in sorted(directory.glob("*.py")))


def _kind(body: str) -> str:
    vector, table = "_tab.Vector(" in body, re.search(r"obj = (\w+)\(\)", body)
    if "_tab.String(" in body:
        return "text"
    if "_tab.Union" in body:
        return "union"
    if table:
        return f"{table.group(1)}{'*' if vector else ''}"
    number = re.search(r"number_types\.(?!UOffsetT)(\w+)Flags", body)
    assert number is not None
    return f"{WIDTHS[number.group(1)]}{'*' if vector else ''}"


def _generated_tables() -> dict[str, dict[int, str]]:
    tables: dict[str, dict[int, str]] = {}
    for text in re.split(r"\nclass ", _generated_text())[1:]:
        name = re.match(r"\w+", text)
        assert name is not None
        fields: dict[int, str] = {}
        for accessor, offset, body in ACCESSOR.findall(text):
            slot = (int(offset) - 4) // 2
            if slot not in fields or not accessor.endswith(("AsNumpy", "Length", "IsNone")):
                fields[slot] = _kind(body)
        if "def Init(self, buf, pos)" in text:
            tables[name.group()] = fields
    return tables


def _notation(field: Field) -> str:
    """The field in the words of `_kind`."""
    several = "*" if isinstance(field, Numbers | Tables) else ""
    match field:
        case Scalar(width) | Numbers(width):
            return f"{width}{several}"
        case OneTable(table) | Tables(table):
            return f"{table}{several}"
        case Text():
            return "text"
        case OneOf():
            return "union"
    return "gone"


@pytest.fixture(scope="module")
def generated() -> dict[str, dict[int, str]]:
    return _generated_tables()


def test_every_table_with_something_to_follow_is_known(generated: dict[str, dict[int, str]]) -> None:
    to_follow = {
        name for name, fields in generated.items() if any(not kind.isdigit() for kind in fields.values())
    }
    assert len(to_follow) > 30
    assert to_follow <= set(TABLES)


def test_every_field_is_what_the_generated_code_reads(generated: dict[str, dict[int, str]]) -> None:
    for table, fields in TABLES.items():
        for slot, kind in generated.get(table, {}).items():
            assert slot < len(fields), table
            assert _notation(fields[slot]) == kind, (table, slot)


@pytest.mark.parametrize("union", sorted(UNIONS))
def test_unions_name_the_tables_that_have_something_to_follow(union: str) -> None:
    kinds = vars(getattr(tflite, union, ModuleType("none")))
    for name, number in kinds.items():
        if isinstance(number, int):
            assert number < UNIONS[union].known
            assert UNIONS[union].tables.get(number) == (name if name in TABLES else None)


def test_operators_and_types_have_the_names_of_the_schema_package() -> None:
    for name, number in vars(tflite.BuiltinOperator).items():
        if isinstance(number, int):
            assert tflite_names.OPERATORS[number] == name
    for name, number in vars(tflite.TensorType).items():
        if isinstance(number, int):
            assert tflite_names.ELEMENT_TYPES[number][0] == name


def test_the_identifier_is_that_of_the_schema() -> None:
    assert tflite.Model.ModelBufferHasIdentifier(b"\0\0\0\0" + tflite_schema.IDENTIFIER, 0)
