"""Any terminal, pipe, locale or disk: what can be written is, and nothing ends in a traceback."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import edged as package
from edged.inference.model import Model
from edged.measurement.result import Uncertain
from tests.integration.cli.command import CONTROL, REPLAY, TIMEOUT_S, edged
from tests.integration.cli.conftest import CONFIG, SMALL
from tests.integration.cli.paper_journal import write_journal
from tests.integration.cli.terminal import on_a_terminal
from tests.unit.report.boards import LIFE, record

# As `config check` accepts them; rich would raise at the first, and make signs or nothing of the others.
MARKUP = ("[/foo]", "[bold]x[/bold]", ":warning:")
QUICK = ("measure", f"{SMALL}@big", *REPLAY, "--protocol", "quick")


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


@pytest.fixture(scope="module")
def markup(tmp_path_factory: pytest.TempPathFactory, place: Path) -> Path:
    """A configuration with models named like markup, in a directory named likewise, and results of them."""
    directory = tmp_path_factory.mktemp("markup") / "[/red]"
    directory.mkdir(parents=True)
    models = [Model(name, place / "none", alpha="", precision=name, weights="trained") for name in MARKUP]
    life = replace(LIFE, board="[/board]", simulation="[/simulation]")
    measured = [record(model, cluster, Uncertain(0.01, 0.001)) for model in models for cluster in MARKUP]
    config = write_journal(directory, [each.measurement for each in measured], life)
    file = place / "models" / f"{SMALL}.tflite"
    own = [f'[[model]]\nname = "{name}"\npath = "{file}"\nprecision = "{name}"\n' for name in MARKUP]
    config.write_text(CONFIG + '[journal]\npath = "journal.db"\n' + "".join(own))
    return config


@pytest.mark.parametrize(
    "words",
    [
        ("advise",),
        ("advise", "--max-latency", "0.1ms"),
        ("advise", "--min-accuracy", "10"),
        ("results",),
        ("models", "list"),
        ("models", "verify", "*foo*", "*bold*", "*warning*"),
        ("measure", "*foo*", "*bold*", "*warning*", "--simulate", "xu3", "--cluster", "big"),
    ],
)
def test_a_name_is_never_markup(words: tuple[str, ...], markup: Path) -> None:
    done = edged(*words, "--config", markup)
    assert done.err == ""
    limited = "--max-latency" in words
    assert done.code == (1 if limited or "--min-accuracy" in words else 0)
    for name in MARKUP[:1] if limited else MARKUP:
        assert name in done.out


@pytest.mark.parametrize(
    "words",
    [
        ("advise", "--model", MARKUP[0]),
        ("results", "--model", MARKUP[0]),
        ("models", "verify", MARKUP[0]),
        ("measure", MARKUP[0], "--simulate", "xu3", "--cluster", "big"),
        ("measure", f"{MARKUP[0]}@b*", "--simulate", "xu3"),
    ],
)
def test_a_name_that_would_be_a_pattern_names_its_model_alone(words: tuple[str, ...], markup: Path) -> None:
    done = edged(*words, "--config", markup)
    assert (done.code, done.err) == (0, "")
    assert MARKUP[0] in done.out
    if words[0] not in {"advise", "results"}:  # there, CPU clusters are called so too
        assert MARKUP[1] not in done.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("advise",), "SIMULATED: [/simulation]"),
        (("results",), "[/red]/journal.db"),
        (("results", "--lives"), "[/board]"),
        (("results", "--episodes"), "[/red]/journal.db"),
    ],
)
def test_neither_a_board_nor_a_path_is_markup(words: tuple[str, ...], told: str, markup: Path) -> None:
    done = edged(*words, "--config", markup)
    assert (done.code, done.err) == (0, "")
    assert told in done.out.replace("\n", "")


def test_a_name_is_no_markup_in_the_live_table_and_its_bar(markup: Path) -> None:
    words = ("measure", "*foo*", "*bold*", "*warning*", "--simulate", "xu3", "--cluster", "big")
    code, sent = on_a_terminal(*words, "--config", str(markup), term="xterm-256color")
    assert code == 0
    for number, name in enumerate(MARKUP, start=1):
        assert f"{number} of 3  {name}@big" in sent
        assert sent.count(name) > sent.count(f"{name}@")  # in the table too


def test_every_console_and_bar_comes_through_the_door_that_knows_no_markup() -> None:
    sources = Path(package.__file__).parent.rglob("*.py")
    made = {path.name for path in sources if re.search(r"\b(Console|TextColumn)\(", path.read_text("utf-8"))}
    assert made == {"plain_console.py"}
