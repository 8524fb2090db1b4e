"""Signs that a stream lacks are spelt out."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.cli.output import take_any_output


def written(text: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", stream)
        take_any_output()
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("ascii", "18 +/- 2 uJ at 40 C ---..."),
        ("latin-1", "18 ± 2 µJ at 40 °C ---..."),
        ("utf-8", "18 ± 2 µJ at 40 °C ──━…"),
    ],
)
def test_what_an_encoding_has_is_written_as_it_is(
    encoding: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert written("18 ± 2 µJ at 40 °C ──━…", encoding, monkeypatch) == told


@given(st.text(st.characters()))
def test_any_text_can_be_written_lone_surrogates_included(text: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for encoding in ("ascii", "latin-1", "utf-8"):
            assert len(written(text, encoding, monkeypatch)) <= 3 * len(text) + text.count("\n")


def test_closed_streams_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{name}", None)
    take_any_output()
    import sys  # noqa: PLC0415

    for stream in (sys.stdin, sys.stdout, sys.stderr):
        assert stream.name == "/dev/null"
        stream.close()
