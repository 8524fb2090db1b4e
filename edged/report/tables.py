"""The tables of the report: Table II beside this board's results, and what becomes of the paper's claims."""

from collections.abc import Iterable, Sequence

from edged import paper
from edged.measurement.result import Measurement, Uncertain
from edged.report.board import BoardResults, Measured
from edged.report.claims import Claim, Finding, Results, Status
from edged.report.element import Element, element
from edged.report.sources import published_results

_CLASSES = {Status.HOLDS: "holds", Status.FAILS: "fails", Status.UNCERTAIN: "open", Status.UNKNOWN: "open"}
_NONE = "-"


def latency_table(board: BoardResults) -> Element:
    """Each case: latency, frames per second beside Table II, and what it ran with."""
    return _table(
        "Latency: mean ± U95. Frames per second are 1 / mean latency, as in Table II.",
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
    rails = list(dict.fromkeys(rail for case in board.cases for rail in case.measurement.rails))
    if not rails:
        return None
    head = ["model", "precision", "CPU cluster"]
    head += [f"{rail}, mJ" for rail in rails]
    return _table(
        "Energy per inference ± U95. Net is above idle, and shown for each rail; gross has idle in it. In "
        "all: added over rails that are no part of one another.",
        [*head, "net in all, mJ", "gross in all, mJ"],
        (_energy_row(case, rails) for case in board.cases),
        numbers=range(3, len(head) + 2),
    )


def claims_table(claims: Sequence[Claim], results: Results) -> Element:
    """Each claim, judged by the published figures and by this board's."""
    published = published_results()
    return _table(
        "What the paper claims, and whether its own published figures and this board's results bear it out.",
        ["", "claim", "by the published figures", "on this board"],
        (
            [claim.id, claim.text, _said(claim.finding(published)), _said(claim.finding(results))]
            for claim in claims
        ),
        numbers=(),
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
        _protocol(measurement),
    ]


def _energy_row(case: Measured, rails: Sequence[str]) -> list[Element | str]:
    found = case.measurement.rails
    return [
        *_named(case),
        *(_milli(found[rail].net_energy_j) if rail in found else _NONE for rail in rails),
        _milli(case.energy_j) if case.energy_j else _NONE,
        _milli(case.gross_energy_j) if case.gross_energy_j else _NONE,
    ]


def _named(case: Measured) -> list[str]:
    return [case.model.name, case.model.precision, case.cpu_cluster]


def _table_ii(case: Measured) -> float | None:
    """The paper's figure, if this is one of its cases."""
    accuracy = case.model.accuracy
    if accuracy is None or accuracy.source != "published":
        return None
    return paper.frames_per_second(case.model.alpha, case.model.precision, case.cpu_cluster)


def _protocol(measurement: Measurement) -> str:
    threads = measurement.protocol.threads
    return measurement.protocol.name + (f", {threads} threads" if threads > 1 else "")


def _milli(value: Uncertain) -> str:
    # What rounds to nothing has no sign.
    text = f"{round(1e3 * value.value, 2) + 0.0:.2f}"
    return f"{text} ± {1e3 * value.u95:.2f}" if value.u95 else text


def _said(finding: Finding) -> Element:
    status = element("strong", finding.status.value, class_=_CLASSES[finding.status])
    return element("span", status, f": {finding.figures}" if finding.figures else "")


def _table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[list[Element | str]],
    numbers: Iterable[int],
) -> Element:
    right = set(numbers)
    heading = (
        element("th", text, scope="col", **_aligned(place in right)) for place, text in enumerate(head)
    )
    body = (
        element("tr", *(element("td", cell, **_aligned(place in right)) for place, cell in enumerate(row)))
        for row in rows
    )
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", *heading)),
            element("tbody", *body),
        ),
        class_="wide",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def _aligned(right: bool) -> dict[str, str]:
    return {"class_": "number"} if right else {}
