"""How long it takes to build the eight models, and how their sizes compare with the published ones."""

import tempfile
import time
from pathlib import Path

from edged import paper
from edged.inference.build import Built, build_all
from edged.inference.zoo import mobilenets
from tests.bench.figures import Figure, show

# "In seconds": a board's Cortex-A15 is some ten times slower than the machines this runs on elsewhere.
BAR_S = 10.0
BAR_BYTES = 512


def main() -> None:
    """Build all eight into an empty directory, and print time and bytes of each."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="edged-bench-") as name:
        directory = Path(name)
        published = {
            model.path: _published_bytes(model.alpha, model.precision) for model in mobilenets(directory)
        }
        begin = before = time.perf_counter()

        def note(built: Built) -> None:
            nonlocal before
            now = time.perf_counter()
            difference = built.size_bytes - published[built.path]
            what = f"{built.path.stem}, {(now - before) * 1e3:.0f} ms, against published {difference:+d}"
            bar = f"within {BAR_BYTES} bytes"
            figures.append(Figure(what, f"{built.size_bytes} bytes", bar, abs(difference) <= BAR_BYTES))
            before = now

        build_all(directory, progress=note)
        total_s = time.perf_counter() - begin
    figures.append(Figure("all eight", f"{total_s:.2f} s", f"{BAR_S:g} s", total_s <= BAR_S))
    show("Building the models", figures)


def _published_bytes(alpha: str, precision: str) -> int:
    model = paper.published_model(alpha, precision)
    return model.file_bytes if model else 0


if __name__ == "__main__":
    main()
