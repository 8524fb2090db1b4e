"""What an answer of `edged advise` leaves open: for want of a figure, or within U95."""

from collections.abc import Iterator

from edged.cli.answer import Answer, cost_word
from edged.cli.option_text import case_name, case_names
from edged.tradeoff.advice import Limits, Option, open_ones


def doubts(answer: Answer) -> Iterator[str]:
    """Which figures it lacks and what would tell them, and which limits may be kept after all."""
    yield from _not_known(answer)
    for option in open_ones(answer.options, answer.limits):
        yield _left_open(option, answer.limits)
    ran_once = [case_name(option) for option in answer.options if not option.latency_s.u95_known]
    if ran_once:
        yield f"One run tells no U95: that of the latency of {', '.join(ran_once)} is not known."


def _not_known(answer: Answer) -> Iterator[str]:
    advised = [each.option for each in answer.advice]
    unranked = [each.option for each in answer.advice if not each.ranked]
    if unranked and answer.advice[0].ranked:
        what = cost_word(answer.aim).capitalize()
        yield f"{what} is not known of {case_names(unranked)}: --least latency does without it."
    unlike = {case.name: case.rails for case in answer.on_other_rails}
    for name, rails in unlike.items():
        why = f"{name} was measured on other rails ({', '.join(rails)}) than the rest"
        yield f"{why}: its energy is not compared until it is measured again."
    blind = [
        option
        for option in answer.kept_out
        if "energy" in answer.limits.unknown_of(option) and case_name(option) not in unlike
    ]
    if blind:
        yield f"Energy is not known of {case_names(blind)}: edged board says what would bring it."
    vague = [option for option in (*advised, *answer.kept_out) if option.top1_ratio is None]
    if vague:
        remedy = "top1_ratio in the [[model]] of one of your own tells it"
        yield f"Accuracy is not known of {case_names(vague)}: {remedy}."


def _left_open(option: Option, limits: Limits) -> str:
    broken = limits.broken_by(option)
    breaks = f"{case_name(option)} breaks your limit of {' and '.join(broken)}"
    if "latency" in broken and not option.latency_s.u95_known:
        return f"{breaks}, but its U95 is not known."
    return f"{breaks} by less than U95."
