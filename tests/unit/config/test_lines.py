"""Where keys stand in a TOML document."""

import tomllib
from typing import Any

from hypothesis import given

from edged.config.lines import KeyPath, key_lines, line_of
from tests.unit.config.documents import documents, to_toml

TEXT = """\
# a comment with [brackets] and a "quote
top = 1

[measure] # the first table
engine = "auto"
text = \"\"\"
[not.a.table]
seed = "3"\"\"\"\"
list = [
  "]", # ] "
  { a = '#' },
]
after.dotted."key =" = 2
'single quoted' = '''
x = 1'''
[[model]]
name = "a"
[[model]]
name = "b"
[model.extra]
deep = 1
[ "pow.er" . rail ]
x = 1
last = 2"""


def test_each_key_is_found_on_its_line() -> None:
    lines = key_lines(TEXT)
    numbered = TEXT.splitlines()
    assert numbered[lines["top",] - 1] == "top = 1"
    assert numbered[lines["measure", "engine"] - 1].startswith("engine")
    assert numbered[lines["measure", "list"] - 1] == "list = ["
    assert numbered[lines["measure", "after", "dotted", "key ="] - 1].startswith("after")
    assert lines["measure", "after"] == lines["measure", "after", "dotted"]
    assert numbered[lines["measure", "single quoted"] - 1].startswith("'single")
    assert numbered[lines["pow.er", "rail", "last"] - 1] == "last = 2"


def test_tables_of_an_array_are_told_apart() -> None:
    lines = key_lines(TEXT)
    assert [lines["model", index, "name"] - lines["model", index] for index in (0, 1)] == [1, 1]
    assert lines["model", 0] < lines["model", 1]
    assert TEXT.splitlines()[lines["model", 1, "extra", "deep"] - 1] == "deep = 1"


def test_what_only_looks_like_a_key_is_none() -> None:
    lines = key_lines(TEXT)
    assert ("not", "a", "table") not in lines
    assert ("measure", "seed") not in lines
    assert not any("x" in path and "measure" in path for path in lines)


def test_a_key_without_a_line_of_its_own_is_looked_for_where_its_table_stands() -> None:
    lines = key_lines(TEXT)
    assert line_of(("measure", "list", 1, "a"), lines) == lines["measure", "list"]
    assert line_of(("measure", "missing"), lines) == lines["measure",]
    assert line_of(("missing",), lines) is None


def test_windows_line_ends_count_as_one() -> None:
    assert key_lines("a = 1\r\nb = 2\r\n") == {("a",): 1, ("b",): 2}


@given(documents)
def test_every_key_that_a_document_has_is_found(document: dict[str, Any]) -> None:
    text = to_toml(document)
    lines = key_lines(text)
    assert set(_own_lines(tomllib.loads(text))) <= set(lines)


def _own_lines(table: dict[str, Any], path: KeyPath = ()) -> list[KeyPath]:
    """Paths of all keys that `to_toml` writes on a line of their own."""
    found: list[KeyPath] = []
    for key, value in table.items():
        here = (*path, key)
        if isinstance(value, dict):
            found += [here, *_own_lines(value, here)]
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            for index, item in enumerate(value):
                found += [(*here, index), *_own_lines(item, (*here, index))]
        else:
            found.append(here)
    return found
