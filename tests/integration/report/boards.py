"""Reports of boards whose every figure is known: one that repeats the paper, and one that could do little."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from edged.inference.zoo import mobilenets
from edged.measurement.result import RailEnergy, Uncertain
from edged.measurement.verdict import Reason, Rejection
from edged.report.board import BoardResults, board_results
from edged.report.document import report
from edged.report.figures import figures
from tests.unit.report.boards import paper_records, record

NOW_S = 1.7e9
# By alpha, precision and cluster; two of the intervals touch.
PARTIAL = {
    ("0.25", "fp32", "big"): Uncertain(0.023, 0.0005),
    ("0.25", "int8", "big"): Uncertain(0.018, 0.006),
    ("0.5", "fp32", "big"): Uncertain(0.0690, 0.012),
}


@dataclass(frozen=True)
class Shown:
    """A report in a file.

    Attributes:
        url: Where a browser finds it.
        board: What it shows.
    """

    url: str
    board: BoardResults


def repeats_the_paper(directory: Path) -> Shown:
    """An XU3 that found Table II, and joules."""
    return _shown(directory, board_results(paper_records(directory), mobilenets(directory)))


def could_do_little(directory: Path) -> Shown:
    """A simulated XU4 without sensors, disturbed: three models on one cluster, the rest rejected."""
    models = {(model.alpha, model.precision): model for model in mobilenets(directory)}
    throttled = (Rejection(Reason.THROTTLED, "3 of 100 inferences"),)
    records = [
        *(
            record(models[alpha, precision], cluster, latency_s, power=False, simulation="simulated xu4")
            for (alpha, precision, cluster), latency_s in PARTIAL.items()
        ),
        record(
            models["1.0", "fp32"],
            "big",
            Uncertain(0.3, 0.001),
            power=False,
            rejections=throttled,
            simulation="simulated xu4",
        ),
    ]
    records = [replace(each, life=replace(each.life, board="Hardkernel Odroid XU4")) for each in records]
    return _shown(directory, board_results(records, mobilenets(directory)))


def is_not_sure(directory: Path) -> Shown:
    """The paper's board with a U95 of 8 % on all latencies: the front is open in places."""
    records = [
        record(
            each.measurement.case.model,
            each.measurement.case.cpu_cluster,
            Uncertain(each.measurement.latency.mean_s, 0.08 * each.measurement.latency.mean_s),
        )
        for each in paper_records(directory)
        if each.measurement.latency
    ]
    return _shown(directory, board_results(records, mobilenets(directory)))


def _shown(directory: Path, board: BoardResults | None) -> Shown:
    assert board
    page = directory / "report.html"
    page.write_text(report(board, list(figures(board)), NOW_S), encoding="utf-8")
    return Shown(page.as_uri(), board)


def has_every_sensor(directory: Path) -> Shown:
    """The paper's board with sensors on all four rails; those that do nothing are known to many digits."""
    records = [
        replace(each, measurement=replace(each.measurement, rails=_all_rails(each.measurement.rails)))
        for each in paper_records(directory)
    ]
    return _shown(directory, board_results(records, mobilenets(directory)))


def _all_rails(rails: Mapping[str, RailEnergy]) -> dict[str, RailEnergy]:
    own, energy = max(rails.items(), key=lambda each: each[1].net_energy_j.value)
    idle = replace(energy, net_energy_j=Uncertain(-0.000_014, 0.000_026))
    return {**dict.fromkeys(("big", "gpu", "little", "mem"), idle), own: energy}
