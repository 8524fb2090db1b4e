"""The report: one HTML file that needs nothing else, and its figures as SVG files."""

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from edged import __version__
from edged.clock import utc
from edged.report.board import BoardResults
from edged.report.claims_latency import LATENCY_CLAIMS
from edged.report.claims_models import MODEL_CLAIMS
from edged.report.claims_tables import claims_table, structure_table, tally
from edged.report.element import Element, element
from edged.report.figures import Figure
from edged.report.plot import svg
from edged.report.style import style
from edged.report.tables import energy_table, latency_table, setup_table

GENERATOR = "edged report"

_PAPER = (
    "V. Peluso et al., Inference on the Edge: Performance Analysis of an Image Classification Task Using "
    "Off-The-Shelf CPUs and Open-Source ConvNets, SNAMS 2019"
)
_SLIPS = (
    "Two slips of the paper are shown as such. Its alpha 1.0 INT8 point has the accuracy (70.8 %) and the "
    "size (3.4 MB) of MobileNet v2; the model that was measured has 70.0 % and 4.3 MB. And INT8 at alpha 1.0 "
    "on the A15 is printed as 2.21 times faster than FP32, where Table II gives 2.15."
)


def report(board: BoardResults, figures: Sequence[Figure], made_wall_s: float) -> str:
    """The whole document.

    Args:
        board: What was measured.
        figures: What is drawn.
        made_wall_s: Wall time of now, in Unix seconds.
    """
    life, energies, results = board.life, energy_table(board), board.results()
    parts = [
        element("h1", f"Inference on {life.board}"),
        element("p", _made(board, made_wall_s), class_="soft"),
        *_warnings(board),
        setup_table(board),
        element("h2", "Results"),
        latency_table(board),
        *([energies] if energies is not None else []),
        element("h2", "Trade-offs"),
        element("p", _HOW_TO_READ),
        element("div", *(_figure(figure) for figure in figures), class_="figures"),
        element("h2", "The paper's claims"),
        element("p", tally((*LATENCY_CLAIMS, *MODEL_CLAIMS), results)),
        element("p", _SLIPS),
        element("h3", "Latency"),
        claims_table("The paper's claims on latency (its Table II and Fig. 5).", LATENCY_CLAIMS, results),
        element("h3", "Accuracy and memory"),
        element("p", _published(board)),
        claims_table("The paper's claims on accuracy and memory (its Fig. 4).", MODEL_CLAIMS, results),
        element("h3", "Structure and files"),
        structure_table("Claims that no measurement decides."),
        element("p", f"The paper: {_PAPER}.", class_="soft"),
    ]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=GENERATOR),
        element("title", f"Inference on {life.board}"),
        element("style", style("page"), style("plot"), style("plot-dark")),
    )
    document = element("html", head, element("body", element("main", *parts)), lang="en")
    return "<!doctype html>\n" + ET.tostring(document, encoding="unicode", method="html") + "\n"


def svg_file(figure: Figure) -> str:
    """A figure as a file of its own, light, with its style in it."""
    drawn = svg(figure.plot)
    _, _, width, height = drawn.attrib["viewBox"].split()
    drawn.attrib.update(width=width, height=height)
    drawn.insert(0, element("style", style("plot")))
    return ET.tostring(drawn, encoding="unicode", xml_declaration=True) + "\n"


_HOW_TO_READ = (
    "Labels are alpha. Colour is the precision, shape the CPU cluster. Bars are U95; where none shows, it is "
    "shorter than the mark. A dashed line is a Pareto front: nothing is both more accurate and cheaper than "
    "a point on it. A ring says that this is certain, wherever within U95 the costs lie."
)
_PUBLISHED_ACCURACY = (
    "Accuracies are those published for these architectures, unless the configuration names one of its own; "
    "this board measures none."
)


def _figure(figure: Figure) -> Element:
    caption = element("figcaption", element("strong", f"{figure.plot.title}."), f" {figure.caption}")
    scrolled = element(
        "div", svg(figure.plot), class_="wide", tabindex=0, role="region", aria_label=figure.plot.title
    )
    return element("figure", scrolled, caption)


def _published(board: BoardResults) -> str:
    if not board.published_sizes:
        return _PUBLISHED_ACCURACY
    return f"{_PUBLISHED_ACCURACY} Where a model file is not here, the size is the published one."


def _made(board: BoardResults, made_wall_s: float) -> str:
    newest_s = max(case.measurement.finished_wall_s for case in board.cases)
    count = len(board.cases)
    # A simulated clock begins anywhere.
    when = "in simulated time" if board.life.simulation else f"the newest of {_date(newest_s)}"
    return (
        f"{count} {'case' if count == 1 else 'cases'}, {when}. "
        f"Measured by edged {board.life.edged_version}; report made by edged {__version__} "
        f"on {_date(made_wall_s)}."
    )


def _warnings(board: BoardResults) -> Iterable[Element]:
    if board.life.simulation:
        yield element(
            "p",
            f"SIMULATED: {board.life.simulation}. Nothing here was measured on a board.",
            class_="warning",
        )
    if any(case.model.weights == "random" for case in board.cases):
        yield element(
            "p",
            "Models built by edged have random weights: latency, energy and size are theirs, accuracy is the "
            "published one of the same architecture.",
            class_="soft",
        )
    hardly_known = [case for case in board.cases if not case.latency_s.u95_known]
    if hardly_known:
        names = ", ".join(case.name for case in hardly_known)
        yield element(
            "p",
            f"One run tells no U95: that of the latency of {names} is not known. It is ± ? in tables and has "
            "no bar in figures; nothing that rests on it is certain.",
            class_="soft",
        )
    if not any(case.measurement.rails for case in board.cases):
        yield element("p", "Nothing measured power on this board, so that there is no energy.", class_="soft")


def _date(wall_s: float) -> str:
    return utc(wall_s).strftime("%Y-%m-%d %H:%M UTC")
