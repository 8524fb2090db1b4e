"""The paper's claims on latency (its Table II and Fig. 5)."""

from collections.abc import Callable, Iterable

from edged import paper
from edged.measurement.result import Uncertain
from edged.report.arithmetic import difference, mean, ratio
from edged.report.claims import CaseKey, Claim, Finding, Results, Status, ordered, printed, said

_A15, _A7 = "big", "little"
_REAL_TIME_FPS = 30.0
# Within a tenth of each other: our reading of the word.
_SIMILAR = 0.1


def _scaling(results: Results, precision: str, cluster: str) -> Uncertain:
    """How many times longer alpha 1.0 takes than alpha 0.25."""
    return ratio(results.latency_s["1.0", precision, cluster], results.latency_s["0.25", precision, cluster])


def _advantage(results: Results, precision: str) -> Uncertain:
    """How many times longer the A7 takes than the A15, as the mean over alpha."""
    latency_s = results.latency_s
    return mean([ratio(latency_s[a, precision, _A7], latency_s[a, precision, _A15]) for a in paper.ALPHAS])


def _gain(results: Results, alpha: str, cluster: str) -> Uncertain:
    """How many times longer FP32 takes than INT8."""
    return ratio(results.latency_s[alpha, "fp32", cluster], results.latency_s[alpha, "int8", cluster])


def _similar_trend(results: Results) -> Finding:
    """Whether both scale alike, within what we take for similar."""
    pairs = [(_scaling(results, p, _A15), _scaling(results, p, _A7)) for p in paper.PRECISIONS]
    figures = "; ".join(
        f"{precision.upper()} x{said(a15, 2)} and x{said(a7, 2)}"
        for precision, (a15, a7) in zip(paper.PRECISIONS, pairs, strict=True)
    )
    return _all_of([_within_a_tenth(ratio(a7, a15)) for a15, a7 in pairs], figures)


def _within_a_tenth(of_one: Uncertain) -> Status:
    distance = abs(of_one.value - 1)
    if distance + of_one.u95 <= _SIMILAR:
        return Status.HOLDS
    return Status.FAILS if distance - of_one.u95 > _SIMILAR else Status.UNCERTAIN


def _all_of(statuses: Iterable[Status], figures: str) -> Finding:
    seen = set(statuses)
    for status in (Status.FAILS, Status.UNCERTAIN):
        if status in seen:
            return Finding(status, figures)
    return Finding(Status.HOLDS, figures)


def _faster(first: Uncertain, second: Uncertain) -> Status:
    return ordered([first, second], "").status


def _reaches_30_fps(results: Results) -> Finding:
    limit = Uncertain(1 / _REAL_TIME_FPS, 0.0)
    latencies = [results.latency_s["0.25", precision, _A15] for precision in paper.PRECISIONS]
    figures = ", ".join(f"{said(_fps(latency), 2)} FPS" for latency in latencies)
    return _all_of([_faster(latency, limit) for latency in latencies], figures)


def _a7_does_not(results: Results) -> Finding:
    keys = [(alpha, precision, _A7) for alpha in paper.ALPHAS for precision in paper.PRECISIONS]
    latencies = [results.latency_s[key] for key in keys]
    figures = f"best {said(_fps(min(latencies, key=lambda latency: latency.value)), 2)} FPS"
    limit = Uncertain(1 / _REAL_TIME_FPS, 0.0)
    return _all_of([_faster(limit, latency) for latency in latencies], figures)


def _gain_grows(results: Results) -> Finding:
    statuses, figures = [], []
    for name, cluster in (("A15", _A15), ("A7", _A7)):
        gains = [_gain(results, alpha, cluster) for alpha in paper.ALPHAS]
        figures.append(f"{name} " + ", ".join(said(gain, 2) for gain in gains))
        statuses.append(ordered(gains, "").status)
    return _all_of(statuses, "; ".join(figures))


def _gain_larger_on_a7(results: Results) -> Finding:
    pairs = {alpha: (_gain(results, alpha, _A15), _gain(results, alpha, _A7)) for alpha in paper.ALPHAS}
    figures = ", ".join(
        f"{said(difference(a7, a15), 2)} more at alpha {alpha}" for alpha, (a15, a7) in pairs.items()
    )
    return _all_of([_faster(a15, a7) for a15, a7 in pairs.values()], figures)


def _int8_beats_the_next_fp32(results: Results) -> Finding:
    statuses, figures = [], []
    for cluster in (_A15, _A7):
        int8, fp32 = results.latency_s["1.0", "int8", cluster], results.latency_s["0.75", "fp32", cluster]
        statuses.append(_faster(int8, fp32))
        figures.append(f"{said(_ms(int8), 1)} ms against {said(_ms(fp32), 1)} ms")
    if results.top1_ratio["1.0", "int8"] <= results.top1_ratio["0.75", "fp32"]:
        statuses.append(Status.FAILS)
    return _all_of(statuses, "; ".join(figures))


def _rivals(results: Results, own: CaseKey) -> dict[CaseKey, Uncertain]:
    """The latencies of what is at least as accurate on the same cluster.

    Raises:
        KeyError: If one of the paper's cases was not measured: nothing can be said then.
    """
    accuracy = results.top1_ratio[own[:2]]
    keys = [(alpha, precision, own[2]) for alpha in paper.ALPHAS for precision in paper.PRECISIONS]
    return {
        key: results.latency_s[key] for key in keys if key != own and results.top1_ratio[key[:2]] >= accuracy
    }


def _half_fp32(results: Results, cluster: str) -> tuple[Status, str]:
    """Whether alpha 0.5 FP32 is on the front, beside the fastest of those that are at least as accurate."""
    own: CaseKey = ("0.5", "fp32", cluster)
    rivals = _rivals(results, own)
    best = min(rivals, key=lambda key: rivals[key].value)
    rival = f"{best[1].upper()} {best[0]}: {said(_ms(rivals[best]), 1)} ms"
    figures = f"{said(_ms(results.latency_s[own]), 1)} ms; {rival}"
    return _on_front(results, own), figures


def _on_the_a15_front(results: Results) -> Finding:
    return Finding(*_half_fp32(results, _A15))


def _off_the_a7_front(results: Results) -> Finding:
    status, figures = _half_fp32(results, _A7)
    turned = {Status.HOLDS: Status.FAILS, Status.FAILS: Status.HOLDS}
    return Finding(turned.get(status, status), figures)


def _fronts_differ(results: Results) -> Finding:
    """Whether some model is on the front of one cluster alone."""
    differing, open_ = [], False
    for alpha in paper.ALPHAS:
        for precision in paper.PRECISIONS:
            a15, a7 = (_on_front(results, (alpha, precision, cluster)) for cluster in (_A15, _A7))
            if Status.UNCERTAIN in (a15, a7):
                open_ = True
            elif a15 is not a7:
                differing.append(f"alpha {alpha} {precision.upper()}")
    if differing:
        return Finding(Status.HOLDS, f"in {', '.join(differing)}")
    return Finding(Status.UNCERTAIN if open_ else Status.FAILS, "" if open_ else "in no model")


def _on_front(results: Results, own: CaseKey) -> Status:
    """Whether nothing at least as accurate is as fast."""
    # Each of them: one that seems slower may be the fastest, if little is known of it.
    rivals = _rivals(results, own).values()
    return _all_of([_faster(results.latency_s[own], rival) for rival in rivals], "").status


def _fps(latency_s: Uncertain) -> Uncertain:
    return ratio(Uncertain(1.0, 0.0), latency_s)


def _ms(latency_s: Uncertain) -> Uncertain:
    return Uncertain(1e3 * latency_s.value, 1e3 * latency_s.u95)


def _figure(value: Callable[[Results], Uncertain], figure: str) -> Callable[[Results], Finding]:
    return lambda results: printed(value(results), figure)


LATENCY_CLAIMS = (
    Claim(
        "L1",
        "on the A15, FP32 takes 10.55 times longer at alpha 1.0 than at 0.25",
        _figure(lambda r: _scaling(r, "fp32", _A15), "10.55"),
    ),
    Claim(
        "L2",
        "on the A15, INT8 takes 6.26 times longer at alpha 1.0 than at 0.25",
        _figure(lambda r: _scaling(r, "int8", _A15), "6.26"),
    ),
    Claim("L3", "alpha scales latency on the A7 as on the A15", _similar_trend),
    Claim("L4", "alpha 0.25 passes 30 FPS on the A15 in both precisions", _reaches_30_fps),
    Claim("L5", "nothing reaches 30 FPS on the A7", _a7_does_not),
    Claim(
        "L6",
        "FP32 is 4.8 times faster on the A15 than on the A7",
        _figure(lambda r: _advantage(r, "fp32"), "4.8"),
    ),
    Claim(
        "L7",
        "INT8 is 4.1 times faster on the A15 than on the A7",
        _figure(lambda r: _advantage(r, "int8"), "4.1"),
    ),
    Claim(
        "L8",
        "on the A15, INT8 is 1.27 times faster than FP32 at alpha 0.25",
        _figure(lambda r: _gain(r, "0.25", _A15), "1.27"),
    ),
    Claim(
        "L9",
        "on the A15, INT8 is 2.21 times faster than FP32 at alpha 1.0",
        _figure(lambda r: _gain(r, "1.0", _A15), "2.21"),
    ),
    Claim(
        "L10",
        "on the A7, INT8 is 1.60 times faster than FP32 at alpha 0.25",
        _figure(lambda r: _gain(r, "0.25", _A7), "1.60"),
    ),
    Claim(
        "L11",
        "on the A7, INT8 is 2.41 times faster than FP32 at alpha 1.0",
        _figure(lambda r: _gain(r, "1.0", _A7), "2.41"),
    ),
    Claim("L12", "the gain of INT8 grows with alpha on both clusters", _gain_grows),
    Claim("L13", "the gain of INT8 is larger on the A7 at every alpha", _gain_larger_on_a7),
    Claim("L14", "alpha 1.0 INT8 beats alpha 0.75 FP32 in speed and accuracy", _int8_beats_the_next_fp32),
    Claim("L15", "alpha 0.5 FP32 is on the front of the A15", _on_the_a15_front),
    Claim("L16", "alpha 0.5 FP32 is not on the front of the A7", _off_the_a7_front),
    Claim("L17", "the front is another one on the A7 than on the A15", _fronts_differ),
)
