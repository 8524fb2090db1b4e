"""An option of `edged advise` in words: its name and its figures."""

from collections.abc import Sequence

from edged.cli.quantity import with_uncertainty
from edged.measurement.result import Uncertain
from edged.tradeoff.advice import Option


def case_name(option: Option) -> str:
    """`MODEL@CLUSTER`, as `edged measure` takes it."""
    return f"{option.model}@{option.cpu_cluster}"


def case_names(options: Sequence[Option]) -> str:
    """How many, and which."""
    names = ", ".join(map(case_name, options))
    return f"{len(options)} case{'s' if len(options) > 1 else ''}, {names}"


def quantity_text(quantity: Uncertain | None, unit: str) -> str:
    """A figure with its U95, or with a question mark in its place; "" for none."""
    if quantity is None:
        return ""
    if not quantity.u95_known:
        return f"{with_uncertainty(quantity.value, None, unit)} ± ?"
    return with_uncertainty(quantity.value, quantity.u95, unit)


def fps_text(option: Option) -> str:
    """Frames per second, without the unit."""
    return f"{1 / option.latency_s.value:.2f}"


def accuracy_text(option: Option) -> str:
    """Top-1 accuracy, or that it is not known."""
    return "not known" if option.top1_ratio is None else f"{100 * option.top1_ratio:.1f} %"
