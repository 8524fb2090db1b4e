"""The tables of the report: Table II beside this board's results, and what becomes of the paper's claims."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from edged import paper
from edged.measurement.result import Measurement, Uncertain
from edged.report.board import BoardResults, Measured
from edged.report.claims import Claim, Finding, Results, Status
from edged.report.claims_structure import structure_claims
from edged.report.element import Element, element
from edged.report.sources import paper_results, published_results

_CLASSES = {Status.HOLDS: "holds", Status.FAILS: "fails", Status.UNCERTAIN: "open", Status.UNKNOWN: "open"}
_NONE = "\N{EN DASH}"
_LEAST_DIGITS, _MOST_DIGITS = 2, 4
_PAPERS_PROTOCOL = "1 warm-up, 100 runs, 2 s pause, 1 thread"


def setup_table(board: BoardResults) -> Element:
    """How the paper measured, and how this board did."""
    rows: list[list[Element | str]] = [
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


def claims_table(caption: str, claims: Sequence[Claim], results: Results) -> Element:
    """Each claim, judged by the published figures and by this board's."""
    return table(
        caption,
        ["", "claim", "by the published figures", "on this board"],
        ([claim.id, claim.text, _by_the_paper(claim), _said(claim.finding(results))] for claim in claims),
    )


def structure_table(caption: str) -> Element:
    """The claims that no measurement decides."""
    rows: list[list[Element | str]] = [
        [name, text, _said(finding)] for name, text, finding in structure_claims()
    ]
    return table(caption, ["", "claim", "by structure and files"], rows)


def tally(claims: Sequence[Claim], results: Results) -> str:
    """How many claims hold on this board, how many do not, and of how many that cannot be told."""
    counts = Counter(claim.finding(results).status for claim in claims)
    return (
        f"Of {len(claims)} claims, {counts[Status.HOLDS]} hold on this board, {counts[Status.FAILS]} do not; "
        f"{counts[Status.UNCERTAIN]} cannot be told within U95, and {counts[Status.UNKNOWN]} for want of "
        "measurements."
    )


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Element | str]],
    numbers: Iterable[int] = (),
) -> Element:
    """A table; where the screen is narrow one with numbers scrolls by itself, one without stacks its cells.

    Args:
        caption: What it shows.
        head: Headings of its columns.
        rows: Its cells.
        numbers: Columns that are aligned to the right.
    """
    right = set(numbers)
    heading = (
        element("th", text, scope="col", **_aligned(place in right)) for place, text in enumerate(head)
    )
    body = (
        element("tr", *(_cell(cell, head[place], right=place in right) for place, cell in enumerate(row)))
        for row in rows
    )
    return element(
        "div",
        element(
            "table",
            element("caption", element("span", caption)),
            element("thead", element("tr", *heading)),
            element("tbody", *body),
            **({} if right else {"class_": "stacked"}),
        ),
        class_="wide",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def _latency_row(case: Measured) -> list[Element | str]:
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


def _energy_row(case: Measured, rails: Sequence[str]) -> list[Element | str]:
    found = case.measurement.rails
    return [
        *_named(case),
        *(_milli(found[rail].net_energy_j if rail in found else None) for rail in rails),
        _milli(case.energy_j),
        _milli(case.gross_energy_j),
    ]


def _named(case: Measured) -> list[str]:
    return [case.model.name, case.model.precision, case.cpu_cluster]


def _table_ii(case: Measured) -> float | None:
    """The paper's figure, if this is one of its cases."""
    accuracy = case.model.accuracy
    if accuracy is None or accuracy.source != "published":
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


def _milli(value: Uncertain | None) -> Element:
    """In thousandths; cut where the second digit of U95 ends. The ± of a column stand beneath each other."""
    if value is None:
        return _aligned_at_u95(_NONE)
    if not value.u95_known:
        return _aligned_at_u95(f"{1e3 * value.value:z.{_LEAST_DIGITS}f}", " ± ?")
    digits = _LEAST_DIGITS
    if value.u95:
        digits = max(0, min(_MOST_DIGITS, 1 - math.floor(math.log10(1e3 * value.u95))))
    # What rounds to nothing has no sign.
    return _aligned_at_u95(
        f"{1e3 * value.value:z.{digits}f}", f" ± {1e3 * value.u95:.{digits}f}" if value.u95 else ""
    )


def _aligned_at_u95(value: str, u95: str = "") -> Element:
    return element("span", value, element("span", u95, class_="u95"))


def _by_the_paper(claim: Claim) -> Element:
    """By the figures that are right; where the paper's own explain what it says, by those too."""
    finding = claim.finding(published_results())
    said = _said(finding)
    with_v2 = claim.finding(paper_results())
    if finding.status is Status.FAILS and with_v2.status is Status.HOLDS:
        said.append(element("br"))
        said.append(element("span", f"With MobileNet v2's row: {with_v2.figures}", class_="soft"))
    return said


def _said(finding: Finding) -> Element:
    status = element("strong", finding.status.value, class_=_CLASSES[finding.status])
    return element("span", status, f": {finding.figures}" if finding.figures else "")


def _cell(cell: Element | str, head: str, *, right: bool) -> Element:
    told = {"data_head": head} if head and not right else {}
    return element("td", cell, **told, **_aligned(right))


def _aligned(right: bool) -> dict[str, str]:
    return {"class_": "number"} if right else {}
