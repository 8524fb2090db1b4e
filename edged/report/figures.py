"""The figures of the report: the paper's Fig. 4 and 5 from this board, and what the paper lacks, energy."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from edged import paper
from edged.measurement.result import Uncertain
from edged.report.board import BoardResults, Measured
from edged.report.mark import Mark
from edged.report.plot import Plot
from edged.tradeoff.costs import Objective, point_of
from edged.tradeoff.front import Point, Standing, standings

_TOP1 = "top-1 accuracy, %"
_AS_PRINTED = "as printed (MobileNet v2)"
_PAPERS_OWN = "Hollow: the paper's points. Its alpha 1.0 INT8 has MobileNet v2's accuracy"


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with what is written beneath it.

    Attributes:
        plot: What is drawn.
        caption: What it shows, besides its title.
    """

    plot: Plot
    caption: str

    @property
    def name(self) -> str:
        """Of its file, without suffix."""
        return self.plot.name


def figures(board: BoardResults) -> Iterator[Figure]:
    """All figures that these results carry."""
    # A figure leaves its page, and takes that with it.
    note = "SIMULATED" if board.life.simulation else ""
    for figure in _figures(board):
        yield replace(figure, plot=replace(figure.plot, note=note))


def _figures(board: BoardResults) -> Iterator[Figure]:
    accurate = [case for case in board.cases if case.model.accuracy]
    yield from _memory(board, accurate)
    for cluster in board.clusters:
        yield from _latency([case for case in accurate if case.cpu_cluster == cluster], cluster)
    left_out = _left_out(board)
    yield from _energy([case for case in accurate if case.compared_energy_j], left_out)
    yield from _energy_latency([case for case in board.cases if case.compared_energy_j], left_out)


def _memory(board: BoardResults, cases: Sequence[Measured]) -> Iterator[Figure]:
    models = {case.model.name: case for case in cases if case.model.name in board.size_bytes}
    if not models:
        return
    sizes = {name: Uncertain(board.size_bytes[name] / 1e6, 0.0) for name in models}
    marks, front = _marks(models.values(), [sizes[name] for name in models], "MB", shaped=False)
    own = {(case.model.alpha, case.model.precision) for case in models.values()}
    behind = [_paper_model(model, _paper_label(model, own)) for model in paper.PUBLISHED]
    yield Figure(
        Plot(
            "figure-4-memory",
            "Accuracy against memory",
            "model file, MB",
            _TOP1,
            (*behind, *marks),
            front,
        ),
        f"As in the paper's Fig. 4. {_PAPERS_OWN} and size; the model has 70.0 % and 4.3 MB.",
    )


def _latency(cases: Sequence[Measured], cluster: str) -> Iterator[Figure]:
    if not cases:
        return
    marks, front = _marks(cases, [_scaled(case.latency_s, 1e3) for case in cases], "ms")
    own = {(case.model.alpha, case.model.precision) for case in cases}
    behind = [
        _paper_case(model, cluster, fps, _paper_label(model, own))
        for model in paper.PUBLISHED
        if (fps := paper.frames_per_second(model.alpha, model.precision, cluster))
    ]
    yield Figure(
        Plot(
            f"figure-5-latency-{cluster}",
            f"Accuracy against latency on CPU cluster {cluster}",
            "latency, ms",
            _TOP1,
            (*behind, *marks),
            front,
        ),
        f"As in the paper's Fig. 5. {_PAPERS_OWN}; the model has 70.0 %."
        if behind
        else "The paper has no such CPU cluster.",
    )


def _left_out(board: BoardResults) -> str:
    """Which cases have an energy that cannot be compared, and why; "" for none."""
    if not board.on_other_rails:
        return ""
    names = ", ".join(f"{case.name} ({', '.join(case.rails)})" for case in board.on_other_rails)
    return f" Left out, for it was measured on other rails than the rest: {names}."


def _energy(cases: Sequence[Measured], left_out: str) -> Iterator[Figure]:
    if not cases:
        return
    energies = [_scaled(case.energy_j, 1e3) for case in cases if case.energy_j]
    marks, front = _marks(cases, energies, "mJ")
    yield Figure(
        Plot("energy", "Accuracy against energy", "net energy per inference, mJ", _TOP1, marks, front),
        "Above idle, added over rails that are no part of one another, among the cases of all CPU clusters: "
        "metrics and dashboards have a front for each CPU cluster too. The paper measured no energy."
        f"{left_out}",
    )


def _energy_latency(cases: Sequence[Measured], left_out: str) -> Iterator[Figure]:
    stands = _against_both(cases)
    marks = tuple(
        Mark(
            x=1e3 * case.latency_s.value,
            y=1e3 * case.energy_j.value,
            x_u95=_bar(_scaled(case.latency_s, 1e3)),
            y_u95=_bar(_scaled(case.energy_j, 1e3)),
            label=case.short_name,
            text=f"{case.name}: {1e3 * case.latency_s.value:.2f} ms, {1e3 * case.energy_j.value:.2f} mJ"
            + (f", {_place(stands[number])}" if number in stands else ""),
            precision=case.model.precision,
            cpu_cluster=case.cpu_cluster,
            certain=number in stands and stands[number].certain,
        )
        for number, case in enumerate(cases)
        if case.energy_j and case.energy_j.value > 0
    )
    optimal = [each for each in stands.values() if each.optimal]
    if marks:
        yield Figure(
            Plot(
                "energy-latency",
                "Energy against latency",
                "latency, ms",
                "net energy per inference, mJ",
                marks,
                logarithmic_y=True,
            ),
            "What an inference costs in time and in energy, on every CPU cluster. Accuracy counts as well, "
            f"so there is no line: of {len(stands)} cases whose accuracy is known, {len(optimal)} are on the "
            f"front of all three, {sum(each.certain for each in optimal)} of them for certain (ringed)."
            f"{left_out}",
        )


def _against_both(cases: Sequence[Measured]) -> dict[int, Standing]:
    """How the cases stand whose accuracy is known, traded for latency and energy at once, by their number."""
    points = {
        number: point
        for number, case in enumerate(cases)
        if case.model.accuracy
        and (point := point_of(Objective.LATENCY_AND_ENERGY, _top1(case), case.measurement, None))
    }
    return dict(zip(points, standings(list(points.values())), strict=True))


def _marks(
    cases: Iterable[Measured], costs: Sequence[Uncertain], unit: str, *, shaped: bool = True
) -> tuple[tuple[Mark, ...], tuple[tuple[float, float], ...]]:
    """Marks of the cases, and the line through those that are optimal."""
    # A logarithmic axis has no place for what cost nothing that could be measured.
    known = [(case, cost) for case, cost in zip(cases, costs, strict=True) if cost.value > 0]
    points = [Point(_top1(case), cost.value, cost.u95 if cost.u95_known else None) for case, cost in known]
    standing = standings(points)
    marks = tuple(
        Mark(
            x=cost.value,
            y=100 * _top1(case),
            x_u95=_bar(cost),
            label=case.short_name,
            text=_text(case.name if shaped else case.model.name, case, cost, unit, stands),
            precision=case.model.precision,
            cpu_cluster=case.cpu_cluster if shaped else "",
            certain=stands.certain,
        )
        for (case, cost), stands in zip(known, standing, strict=True)
    )
    optimal = (
        (point.cost, 100 * point.accuracy_ratio)
        for point, stands in zip(points, standing, strict=True)
        if stands.optimal
    )
    return marks, tuple(sorted(optimal))


def _text(name: str, case: Measured, cost: Uncertain, unit: str, stands: Standing) -> str:
    u95 = f" ± {cost.u95:.2g}" if cost.u95 and cost.u95_known else ""
    unknown = "" if cost.u95_known else " (U95 not known)"
    return f"{name}: {cost.value:.4g}{u95} {unit}{unknown}, {100 * _top1(case):.1f} % top-1, {_place(stands)}"


def _place(stands: Standing) -> str:
    return "certainly on the front" if stands.certain else "on the front" if stands.optimal else "dominated"


def _bar(cost: Uncertain) -> float:
    """Half length of its bar; what is not known has none."""
    return cost.u95 if cost.u95_known else 0.0


def _top1(case: Measured) -> float:
    if case.model.accuracy is None:
        raise ValueError(f"the accuracy of {case.model.name} is not known")
    return case.model.accuracy.top1_ratio


def _paper_label(model: paper.PublishedModel, own: Container[tuple[str, str]]) -> str:
    """What stands beside a point of the paper's: nothing where this board's own has the label."""
    if _slipped(model):
        return _AS_PRINTED
    return "" if (model.alpha, model.precision) in own else model.alpha


def _paper_model(model: paper.PublishedModel, label: str) -> Mark:
    text = (
        f"paper: alpha {model.alpha} {model.precision.upper()}, {model.paper_size_mb} MB, "
        f"{100 * model.paper_top1_ratio:.1f} % top-1"
    )
    return Mark(
        x=model.paper_size_mb,
        y=100 * model.paper_top1_ratio,
        label=label,
        text=f"{text}: these are MobileNet v2's" if _slipped(model) else text,
        precision=model.precision,
        faint=True,
    )


def _paper_case(model: paper.PublishedModel, cluster: str, fps: float, label: str) -> Mark:
    text = (
        f"paper: alpha {model.alpha} {model.precision.upper()} on {cluster}, {1e3 / fps:.1f} ms, "
        f"{100 * model.paper_top1_ratio:.1f} % top-1"
    )
    return Mark(
        x=1e3 / fps,
        y=100 * model.paper_top1_ratio,
        label=label,
        text=f"{text}: the accuracy is MobileNet v2's" if _slipped(model) else text,
        precision=model.precision,
        cpu_cluster=cluster,
        faint=True,
    )


def _slipped(model: paper.PublishedModel) -> bool:
    return model.paper_top1_ratio != model.top1_ratio


def _scaled(value: Uncertain, factor: float) -> Uncertain:
    return Uncertain(factor * value.value, factor * value.u95)
