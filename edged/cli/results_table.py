"""The table of cases: what is measured, what is running, what is still to come."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from edged.cli.quantity import with_uncertainty
from edged.cli.table import Column, FittingTable
from edged.inference.model import Model
from edged.measurement.result import Case, Measurement
from edged.paper import frames_per_second

# A cluster that is not the paper's A7 is compared with its A15.
_PAPER_CORES = {"little": ("little", "A7")}
_PAPER_DEFAULT = ("big", "A15")

_COLUMNS = (
    Column("model", folds=20),
    Column("cluster", folds=8),
    Column("latency", right=True),
    Column("FPS", right=True, spare=2),
    Column("paper", right=True, spare=3),
)
_ENERGY = Column("net energy", right=True, spare=1)
_VERDICT = Column("verdict", folds=18)


def results_table(
    cases: Sequence[Case], results: Mapping[Case, Measurement], running: Case | None, title: str
) -> FittingTable:
    """One row per case.

    Args:
        cases: In the order in which they run.
        results: The newest measurement of each case that has one.
        running: The case under way, if any.
        title: What stands above the table.
    """
    has_energy = any(measurement.rails for measurement in results.values())
    table = FittingTable(title, (*_COLUMNS, *((_ENERGY,) if has_energy else ()), _VERDICT))
    for case in cases:
        measurement = results.get(case)
        if measurement is None:
            cells = ["", "", _paper(case), *([""] if has_energy else [])]
            table.add_row(short_name(case.model), case.cpu_cluster, *cells, _waiting(case == running))
        else:
            table.add_row(
                short_name(case.model),
                case.cpu_cluster,
                *_figures(measurement),
                _paper(case),
                *([_energy(measurement)] if has_energy else []),
                Text("again", "cyan") if case == running else verdict_text(measurement),
                style="" if measurement.verdict.valid else "dim",
            )
    return table


def short_name(model: Model) -> str:
    """`0.25 int8` for a MobileNet v1 of the zoo, whose names are long and alike; the name for any other."""
    return f"{model.alpha} {model.precision}" if model.name.startswith("mobilenet_v1_") else model.name


def verdict_text(measurement: Measurement) -> Text:
    """`valid`, or the reasons in red."""
    if measurement.verdict.valid:
        return Text("valid", "green")
    return Text(", ".join(measurement.verdict.reasons), "red")


def _figures(measurement: Measurement) -> tuple[str, str]:
    latency = measurement.latency
    if latency is None:
        return "", ""
    return with_uncertainty(latency.mean_s, latency.u95_s, "s"), f"{latency.frames_per_second:.2f}"


def _paper(case: Case) -> str:
    cluster, core = _PAPER_CORES.get(case.cpu_cluster, _PAPER_DEFAULT)
    fps = frames_per_second(case.model.alpha, case.model.precision, cluster)
    if fps is None:
        return ""
    return f"{fps:.2f}" if case.cpu_cluster == cluster else f"{fps:.2f} {core}"


def _energy(measurement: Measurement) -> str:
    """On the rail that feeds the cluster, or on the whole board where nothing finer is measured."""
    rails = measurement.rails
    rail = measurement.case.cpu_cluster if measurement.case.cpu_cluster in rails else next(iter(rails), "")
    if not rail:
        return ""
    net = rails[rail].net_energy_j
    told = with_uncertainty(net.value, net.u95, "J")
    return told if rail == measurement.case.cpu_cluster else f"{told} {rail}"


def _waiting(running: bool) -> Text:
    return Text("running", "cyan") if running else Text("to come", "dim")
