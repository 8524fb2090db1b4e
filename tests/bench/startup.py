"""How long each command takes to answer, and what it loads."""

import statistics
import subprocess
import sys
import time

from tests.bench.figures import Figure, show

REPEATS = 7
COMMANDS = (
    ("a bare interpreter, for comparison", ["-c", "pass"]),
    ("edged --help", ["-m", "edged", "--help"]),
    ("edged board", ["-m", "edged", "board"]),
    ("edged config show", ["-m", "edged", "config", "show"]),
    ("edged models list", ["-m", "edged", "models", "list"]),
    ("edged measure --help", ["-m", "edged", "measure", "--help"]),
    ("edged run --help", ["-m", "edged", "run", "--help"]),
    ("importing edged.daemon", ["-c", "import edged.daemon"]),
)


def main() -> None:
    """Print medians of repeated starts."""
    show("Start time of each command", [_timed(what, arguments) for what, arguments in COMMANDS])


def _timed(what: str, arguments: list[str]) -> Figure:
    took_s = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        took_s.append(time.perf_counter() - begin)
    return Figure(what, f"{statistics.median(took_s) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
