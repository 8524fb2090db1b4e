"""The paper's claims that no measurement decides: on the structure of MobileNet v1 and on its files."""

from collections.abc import Callable, Mapping

from edged import paper
from edged.inference.mobilenet_v1 import Convolution, convolutions
from edged.report.claims import Finding, Status

# "About its square", in our reading: within a fifth of it.
_ROUGHLY = 0.2
_BELOW_1 = tuple(alpha for alpha in paper.ALPHAS if alpha != "1.0")


def structure_claims() -> tuple[tuple[str, str, Finding], ...]:
    """Each of them: its short name, what is claimed, what becomes of it."""
    return (
        ("M12", "alpha scales multiplications by about its square", _about_the_square(_macs)),
        ("M13", "... and parameters too", _parameters()),
        ("M14", "depthwise separable layers save 8 to 9 times the multiplications", _separable_savings()),
        ("M15", "the INT8 models are quantised per channel", Finding(Status.FAILS, _PER_TENSOR)),
        ("M16", "the quantised range starts at 0", Finding(Status.IN_PART, _RANGES)),
        ("M17", "8 models on 2 CPU clusters: 16 cases", _sixteen_cases()),
    )


# Seen in the genuine files of alpha 0.25, 0.5 and 0.75 (their checksums are in `hosted_files.py`).
_PER_TENSOR = "one scale and one zero point per tensor in the three genuine files that were examined"
_RANGES = "activations 0 to 255, but weights 1 to 255 in the same files"


def _macs(layers: tuple[Convolution, ...]) -> int:
    return sum(layer.macs for layer in layers)


def _all_parameters(layers: tuple[Convolution, ...]) -> int:
    return sum(layer.weights + layer.biases for layer in layers)


def _body_parameters(layers: tuple[Convolution, ...]) -> int:
    return _all_parameters(tuple(layer for layer in layers if not layer.is_classifier))


def _shares(count: Callable[[tuple[Convolution, ...]], int]) -> Mapping[str, float]:
    """What is left of a count at each alpha below 1.0, as a share of what alpha 1.0 has."""
    whole = count(convolutions("1.0"))
    return {alpha: count(convolutions(alpha)) / whole for alpha in _BELOW_1}


def _near(shares: Mapping[str, float]) -> bool:
    return all(abs(share / float(alpha) ** 2 - 1) <= _ROUGHLY for alpha, share in shares.items())


def _listed(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{share:.3f}" for share in shares.values())


def _about_the_square(count: Callable[[tuple[Convolution, ...]], int]) -> Finding:
    shares = _shares(count)
    squares = ", ".join(f"{float(alpha) ** 2:g}" for alpha in _BELOW_1)
    status = Status.HOLDS if _near(shares) else Status.FAILS
    return Finding(status, f"{_listed(shares)} at alpha {', '.join(_BELOW_1)}; squares {squares}")


def _parameters() -> Finding:
    whole, body = _shares(_all_parameters), _shares(_body_parameters)
    status = Status.HOLDS if _near(whole) else Status.IN_PART if _near(body) else Status.FAILS
    return Finding(status, f"{_listed(whole)} with the classifier; without it {_listed(body)}")


def _separable_savings() -> Finding:
    """Against a full 3x3 convolution of the same shapes: 1 / (1/outputs + 1/9)."""
    savings = {alpha: [1 / (1 / n + 1 / 9) for n in _pointwise_outputs(alpha)] for alpha in ("1.0", "0.25")}
    within = {alpha: [8 <= saving <= 9 for saving in each] for alpha, each in savings.items()}
    told = (
        f"{min(each):.1f} to {max(each):.1f} at alpha {alpha} ({sum(within[alpha])} of {len(each)} layers so)"
        for alpha, each in savings.items()
    )
    seen = [each for layers in within.values() for each in layers]
    status = Status.HOLDS if all(seen) else Status.IN_PART if any(seen) else Status.FAILS
    return Finding(status, "; ".join(told))


def _sixteen_cases() -> Finding:
    clusters = {cluster for _, _, cluster in paper.TABLE_II}
    models, cases = len(paper.PUBLISHED), len(paper.TABLE_II)
    holds = (models, len(clusters), cases) == (8, 2, 16)
    return Finding(Status.HOLDS if holds else Status.FAILS, f"Table II has {cases}")


def _pointwise_outputs(alpha: str) -> list[int]:
    layers = convolutions(alpha)
    return [layer.output[3] for layer in layers if layer.kernel == 1 and not layer.is_classifier]
