"""The paper's claims on accuracy and memory (its Fig. 4). A point of top-1 is one percent of the images."""

from itertools import pairwise

from edged import paper
from edged.measurement.result import Uncertain
from edged.report.claims import Claim, Finding, ModelKey, Results, Status, printed
from edged.tradeoff.front import Point, standings

_LARGEST = "1.0"
_ALL: tuple[ModelKey, ...] = tuple(
    (alpha, precision) for alpha in paper.ALPHAS for precision in paper.PRECISIONS
)
_FRONT: tuple[ModelKey, ...] = (*((alpha, "int8") for alpha in paper.ALPHAS), ("1.0", "fp32"))


def _losses(results: Results) -> dict[str, float]:
    """Points that INT8 costs, by alpha."""
    return {
        alpha: round(100 * (results.top1_ratio[alpha, "fp32"] - results.top1_ratio[alpha, "int8"]), 6)
        for alpha in paper.ALPHAS
    }


def _listed(values: dict[str, float], digits: int) -> str:
    return ", ".join(f"{value:.{digits}f} at alpha {alpha}" for alpha, value in values.items())


def _status(holds: bool, *, in_part: bool = False) -> Status:
    return Status.HOLDS if holds else Status.IN_PART if in_part else Status.FAILS


def _smallest_loss(results: Results) -> Finding:
    losses = _losses(results)
    return _place_and_figure(losses, min(losses, key=losses.__getitem__), _LARGEST, "0.2")


def _largest_loss(results: Results) -> Finding:
    losses = _losses(results)
    return _place_and_figure(losses, max(losses, key=losses.__getitem__), "0.5", "2.0")


def _place_and_figure(losses: dict[str, float], found: str, claimed: str, figure: str) -> Finding:
    """Whether the loss that stands out is at the alpha that is claimed, and as large as that."""
    place, value = found == claimed, f"{losses[found]:.1f}" == figure
    open_ = f"the alpha does, printed {figure}; " if place and not value else ""
    return Finding(_status(place and value, in_part=place), f"{open_}{_listed(losses, 1)}")


def _loss_grows(results: Results) -> Finding:
    losses = _losses(results)
    falling = [losses[alpha] for alpha in paper.ALPHAS]
    return Finding(_status(falling == sorted(set(falling), reverse=True)), _listed(losses, 1))


def _points_gained(results: Results) -> Finding:
    gained = 100 * (results.top1_ratio["1.0", "int8"] - results.top1_ratio["0.75", "fp32"])
    return _sign_and_figure(gained, "2.5", " points")


def _megabytes(results: Results, larger: ModelKey, smaller: ModelKey, figure: str) -> Finding:
    saved = (results.size_bytes[larger] - results.size_bytes[smaller]) / 1e6
    return _sign_and_figure(saved, figure, " MB")


def _sign_and_figure(value: float, figure: str, unit: str) -> Finding:
    """Whether a difference is as printed; if only its sign is, that is a part of it."""
    finding = printed(Uncertain(value, 0.0), figure, unit)
    if finding.status is Status.FAILS and value > 0:
        return Finding(Status.IN_PART, f"the sign does; {finding.figures}")
    return finding


def _shrinks(results: Results) -> dict[str, float]:
    return {
        alpha: results.size_bytes[alpha, "fp32"] / results.size_bytes[alpha, "int8"] for alpha in paper.ALPHAS
    }


def _shrinks_3_7_times(results: Results) -> Finding:
    ratios = _shrinks(results)
    return Finding(_status(all(round(ratio, 1) == 3.7 for ratio in ratios.values())), _listed(ratios, 2))


def _stays_below_4(results: Results) -> Finding:
    ratios = _shrinks(results)
    return Finding(_status(max(ratios.values()) < 4.0), _listed(ratios, 2))


def _grows(results: Results) -> Finding:
    wider = [((a, p), (b, p)) for p in paper.PRECISIONS for a, b in pairwise(paper.ALPHAS)]
    finer = [((alpha, "int8"), (alpha, "fp32")) for alpha in paper.ALPHAS]
    rising = all(
        results.top1_ratio[less] < results.top1_ratio[more]
        and results.size_bytes[less] < results.size_bytes[more]
        for less, more in (*wider, *finer)
    )
    return Finding(_status(rising), "")


def _int8_dominates(results: Results) -> Finding:
    keys = sorted(_ALL, key=results.size_bytes.__getitem__)
    points = [Point(results.top1_ratio[key], results.size_bytes[key]) for key in keys]
    front = [key for key, standing in zip(keys, standings(points), strict=True) if standing.optimal]
    figures = "front: " + ", ".join(f"{precision.upper()} {alpha}" for alpha, precision in front)
    return Finding(_status(tuple(front) == _FRONT), figures)


MODEL_CLAIMS = (
    Claim("M1", "INT8 costs least at alpha 1.0: 0.2 points", _smallest_loss),
    Claim("M2", "INT8 costs most at alpha 0.5: 2.0 points", _largest_loss),
    Claim("M3", "the smaller alpha, the more INT8 costs", _loss_grows),
    Claim("M4", "alpha 1.0 INT8 is 2.5 points above alpha 0.75 FP32", _points_gained),
    Claim(
        "M5",
        "alpha 1.0 INT8 is 6.9 MB smaller than alpha 0.75 FP32",
        lambda results: _megabytes(results, ("0.75", "fp32"), ("1.0", "int8"), "6.9"),
    ),
    Claim(
        "M6",
        "alpha 1.0 FP32 takes 13.5 MB more than INT8",
        lambda results: _megabytes(results, ("1.0", "fp32"), ("1.0", "int8"), "13.5"),
    ),
    Claim(
        "M7",
        "alpha 0.25 FP32 reaches 49.7 %",
        lambda results: printed(Uncertain(100 * results.top1_ratio["0.25", "fp32"], 0.0), "49.7", " %"),
    ),
    Claim("M8", "INT8 shrinks the file 3.7 times at any alpha", _shrinks_3_7_times),
    Claim("M9", "INT8 shrinks the file less than 4 times", _stays_below_4),
    Claim("M10", "accuracy and size grow with alpha and with precision", _grows),
    Claim("M11", "INT8 makes the whole front of accuracy against memory, but for alpha 1.0", _int8_dominates),
)
