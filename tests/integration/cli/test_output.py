"""Any terminal, pipe, locale or disk: what can be written is, and nothing ends in a traceback."""

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.cli.command import CONTROL, REPLAY, TIMEOUT_S, edged
from tests.integration.cli.conftest import SMALL

QUICK = ("measure", f"{SMALL}@big", *REPLAY, "--protocol", "quick")


def on_a_terminal(*words: str, term: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit code and everything that a terminal was sent."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "edged", *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "COLUMNS": "100", "LINES": "30", "TERM": term, **(env or {})},
        start_new_session=True,
    )
    os.close(follower)
    sent = b""
    while select.select([leader], [], [], TIMEOUT_S)[0]:
        try:
            sent += os.read(leader, 1 << 16)
        except OSError:  # the terminal's other end is closed
            break
    os.close(leader)
    return process.wait(TIMEOUT_S), sent.decode()


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """A command line with redirections, in which `edged` is ours."""
    script = f'edged() {{ "{sys.executable}" -m edged "$@"; }}\n{command}'
    return subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


@pytest.mark.parametrize("words", [QUICK, ("board",), ("models", "list"), ("config", "show"), ("--help",)])
def test_a_pipe_gets_no_control_characters(words: tuple[str, ...]) -> None:
    done = edged(*words)
    assert done.code == 0
    assert CONTROL.search(done.out + done.err) is None


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_locale_without_the_signs_gets_them_spelt_out(encoding: str) -> None:
    done = edged(*QUICK, env={"PYTHONIOENCODING": encoding})
    assert done.code == 0
    sign = {"ascii": r"\+/-", "latin-1": "\ufffd", "utf-8": "±"}[encoding]  # read back as UTF-8
    assert re.search(rf"[0-9] {sign} [0-9.]+ mJ", done.out)
    assert "valid" in done.out


@pytest.mark.parametrize(
    "variables", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_the_c_locale_is_good_enough(variables: dict[str, str]) -> None:
    for words in (QUICK, ("board", "--simulate", "xu3"), ("config", "show")):
        done = edged(*words, env=variables)
        assert (done.code, done.err) == (0, "")


def test_a_terminal_shows_the_table_and_in_the_end_no_bar() -> None:
    code, sent = on_a_terminal(*QUICK, term="xterm-256color")
    assert code == 0
    assert "\x1b[" in sent
    assert "\x1b[?25h" in sent  # the cursor is back
    assert "left" not in sent.rsplit("paper", 1)[1]


def test_a_dumb_terminal_gets_no_control_characters() -> None:
    code, sent = on_a_terminal(*QUICK, term="dumb")
    assert code == 0
    assert CONTROL.search(sent.replace("\r\n", "\n")) is None
    assert re.search("[0-9] ± [0-9.]+ mJ", sent)


def test_no_color_means_no_color() -> None:
    code, sent = on_a_terminal(*QUICK, term="xterm-256color", env={"NO_COLOR": "1"})
    assert code == 0
    assert "\x1b[32m" not in sent


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_matter(closed: str, config: Path) -> None:
    for words in (
        " ".join(QUICK),
        f"{' '.join(QUICK)} --json",
        "board",
        f"measure {SMALL} --config {config}",
    ):
        done = shell(f"edged {words} {closed}")
        assert done.returncode == 0
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [" ".join(QUICK), f"{' '.join(QUICK)} --json", "board", "config check"])
def test_a_full_disk_is_told(words: str) -> None:
    done = shell(f"edged {words} > /dev/full")
    assert done.returncode == 1
    assert done.stderr.endswith("edged: No space left on device\n")
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    done = shell(f"edged {' '.join(QUICK)} | head -n 1; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.parametrize("home", [None, "", "relative", "/nowhere/at/all"])
def test_a_home_is_not_needed_where_nothing_is_kept_in_it(home: str | None) -> None:
    words = " ".join(QUICK)
    done = shell(f"unset HOME; edged {words}" if home is None else f'export HOME="{home}"; edged {words}')
    assert (done.returncode, done.stderr) == (0, "")


def test_words_that_are_no_text_are_refused_in_words() -> None:
    done = shell("edged measure $'\\xff'")
    assert done.returncode == 2
    assert "there is no model" in done.stderr
