"""Ctrl-C before a command has begun and after it has ended: in a word, at any line that Python may be at."""

import signal
import subprocess
import sys

import pytest

# Sends the signal at an import, or when Python ends, and not a moment earlier or later.
_AT_IMPORT = """
import signal, sys

class At:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            signal.raise_signal({number})

sys.meta_path.insert(0, At())
"""
_AT_END = """
import atexit, signal, sys
atexit.register(signal.raise_signal, {number})
"""
_EDGED = """
sys.argv = ["edged", *{words}]
from edged.cli.main import main
main()
"""
MEASURE = ("measure", "--simulate", "xu3", "--engine", "replay", "--protocol", "quick", "*quant@big")


def edged(setting: str, *words: str, ignored: bool = False) -> "subprocess.CompletedProcess[str]":
    how = signal.SIG_IGN if ignored else signal.SIG_DFL
    return subprocess.run(
        [sys.executable, "-c", setting + _EDGED.format(words=words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120.0,
        # Whoever runs the tests in the background has Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, how),
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "name",
    ["edged.cli.commands", "click", "click.core", "edged.errors", "edged.cli.measure", "edged.config.file"],
)
def test_whatever_is_being_imported_it_ends_in_a_word(name: str, number: signal.Signals) -> None:
    done = edged(_AT_IMPORT.format(name=name, number=int(number)), *MEASURE)
    assert (done.stderr, done.stdout, done.returncode) == ("interrupted\n", "", 130)


def test_when_python_ends_nothing_is_lost_or_traced() -> None:
    done = edged(_AT_END.format(number=int(signal.SIGINT)), "--version")
    assert done.stdout.startswith("edged, version ")
    assert (done.stderr, done.returncode) == ("interrupted\n", 130)


def test_who_has_ctrl_c_ignored_in_the_background_is_not_interrupted() -> None:
    setting = _AT_IMPORT.format(name="click", number=int(signal.SIGINT))
    done = edged(setting, "--version", ignored=True)
    assert done.stdout.startswith("edged, version ")
    assert (done.stderr, done.returncode) == ("", 0)
