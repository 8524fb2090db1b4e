"""The tables of this board's results: how it was measured, Table II beside its latencies, and energies."""

import math
from collections.abc import Iterable, Sequence

from edged import paper
from edged.inference.zoo import published_model
from edged.measurement.result import Measurement, Uncertain
from edged.report.board import BoardResults, Measured
from edged.report.element import Element, element
from edged.report.table import Cell, Quantity, table

_NONE = "\N{EN DASH}"
_SHARED = "mobilenet_v1_"
_LEAST_DIGITS, _MOST_DIGITS = 2, 4
_PAPERS_PROTOCOL = "1 warm-up, 100 runs, 2 s pause, 1 thread"


def setup_table(board: BoardResults) -> Element:
    """How the paper measured, and how this board did."""
    rows: list[list[Cell]] = [
        ["board", "Exynos 5422", board.life.board],
        ["engine", "TensorFlow Lite 1.14", _engines(board)],
        ["protocol", _PAPERS_PROTOCOL, _each(_protocol_in_words(case.measurement) for case in board.cases)],
        ["clock", "A15 2000 MHz, A7 1400 MHz", _clocks(board) or "not known"],
        ["models", "published files", _each(_model_files(case) for case in board.cases)],
        ["power", "not measured", ", ".join(_rails(board)) or "nothing measures it"],
        ["rejected", "not told", _rejected(board)],
    ]
    return table("How it was measured.", ["", "the paper", "this board"], rows)


def latency_table(board: BoardResults) -> Element:
    """Each case: latency, frames per second beside Table II, and what it ran with."""
    return table(
        "Latency: mean ± U95. Frames per second are 1 / mean latency, as in the paper's Table II.",
        [
            "model",
            "precision",
            "CPU cluster",
            "latency, ms",
            "FPS",
            "Table II, FPS",
            "board / paper",
            "clock, MHz",
            "hottest, °C",
            "runs",
            "protocol",
        ],
        (_latency_row(case) for case in board.cases),
        numbers=range(3, 10),
    )


def energy_table(board: BoardResults) -> Element | None:
    """Each case: energy on each rail; None where nothing measures power."""
    rails = _rails(board)
    if not rails:
        return None
    head = ["model", "precision", "CPU cluster"]
    head += [f"{rail}, mJ" for rail in rails]
    return table(
        "Energy per inference ± U95. Net is above idle, and shown for each rail; gross has idle in it. In "
        "all: added over rails that are no part of one another.",
        [*head, "net in all, mJ", "gross in all, mJ"],
        (_energy_row(case, rails) for case in board.cases),
        numbers=range(3, len(head) + 2),
    )


def _latency_row(case: Measured) -> list[Cell]:
    measurement = case.measurement
    fps = 1.0 / case.latency_s.value
    published = _table_ii(case)
    seen = measurement.surroundings
    return [
        *_named(case),
        _milli(case.latency_s),
        f"{fps:.2f}",
        f"{published:.2f}" if published else _NONE,
        f"{fps / published:.3f}" if published else _NONE,
        f"{seen.frequency_hz / 1e6:.0f}" if seen.frequency_hz else _NONE,
        f"{seen.temperature_c:.0f}" if seen.temperature_c is not None else _NONE,
        str(measurement.latency.count) if measurement.latency else _NONE,
        measurement.protocol.name,
    ]


def _energy_row(case: Measured, rails: Sequence[str]) -> list[Cell]:
    found = case.measurement.rails
    return [
        *_named(case),
        *(_milli(found[rail].net_energy_j if rail in found else None) for rail in rails),
        _milli(case.energy_j),
        _milli(case.gross_energy_j),
    ]


def _named(case: Measured) -> list[Cell]:
    return [_breakable(case.model.name), case.model.precision, case.cpu_cluster]


def _breakable(name: str) -> Cell:
    """The name of a model; the long ones of the zoo may go on in a second line after what they share."""
    alike, shared, rest = name.partition(_SHARED)
    return element("span", shared, element("wbr"), rest) if shared and not alike else name


def _table_ii(case: Measured) -> float | None:
    """The paper's figure, if this is one of its cases."""
    if published_model(case.model) is None:
        return None
    return paper.frames_per_second(case.model.alpha, case.model.precision, case.cpu_cluster)


def _rails(board: BoardResults) -> list[str]:
    return list(dict.fromkeys(rail for case in board.cases for rail in case.measurement.rails))


def _engines(board: BoardResults) -> str:
    engines = (case.measurement.engine for case in board.cases)
    return _each(f"{e.engine} {e.engine_version}, delegate {e.delegate}" for e in engines if e) or "not known"


def _protocol_in_words(measurement: Measurement) -> str:
    protocol = measurement.protocol
    busy = f" and {protocol.min_busy_s:g} s busy" if protocol.min_busy_s else ""
    pause = f"{protocol.pause_s:g} s pause" if protocol.pause_s else "no pause"
    threads = f"{protocol.threads} thread{'s' if protocol.threads > 1 else ''}"
    return (
        f"{protocol.name}: {protocol.warmup_runs} warm-up, {protocol.min_runs} runs{busy}, {pause}, {threads}"
    )


def _clocks(board: BoardResults) -> str:
    told = []
    for cluster in board.clusters:
        seen = [
            round(case.measurement.surroundings.frequency_hz / 1e6)
            for case in board.cases
            if case.cpu_cluster == cluster and case.measurement.surroundings.frequency_hz
        ]
        if seen:
            low, high = min(seen), max(seen)
            told.append(f"{cluster} {low} MHz" if low == high else f"{cluster} {low} to {high} MHz")
    return ", ".join(told)


def _model_files(case: Measured) -> str:
    return "built by edged, random weights" if case.model.weights == "random" else "trained"


def _rejected(board: BoardResults) -> str:
    return ", ".join(f"{count} for {reason}" for reason, count in sorted(board.rejected.items())) or "none"


def _each(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))


def _milli(value: Uncertain | None) -> Quantity:
    """In thousandths; cut where the second digit of U95 ends."""
    if value is None:
        return Quantity(_NONE)
    if not value.u95_known:
        return Quantity(f"{1e3 * value.value:z.{_LEAST_DIGITS}f}", "± ?")
    digits = _LEAST_DIGITS
    if value.u95:
        digits = max(0, min(_MOST_DIGITS, 1 - math.floor(math.log10(1e3 * value.u95))))
    # What rounds to nothing has no sign.
    return Quantity(
        f"{1e3 * value.value:z.{digits}f}", f"± {1e3 * value.u95:.{digits}f}" if value.u95 else ""
    )
