"""The answer to a question of `edged advise` in words: how certain it is, and what more would cost."""

from collections.abc import Iterator

from edged.cli.answer import Answer, cost_word
from edged.cli.answer_doubts import doubts
from edged.cli.option_text import accuracy_text, case_name, fps_text, quantity_text
from edged.measurement.result import Uncertain
from edged.tradeoff.advice import Keeps, Least, Limits, Option, nearest


def remarks(answer: Answer) -> Iterator[str]:
    """What stands below the table, or below that nothing keeps to the limits: a sentence or two each."""
    if answer.advice:
        yield from _choice(answer, answer.advice[0].option)
    yield from doubts(answer)


def nothing_keeps(answer: Answer) -> Iterator[str]:
    """That no case keeps to the limits, and what comes nearest to each."""
    limits = answer.limits
    keeps = "is known to keep" if answer.kept_out else "keeps"
    yield f"None of {len(answer.options)} measured cases {keeps} to these limits."
    for each in nearest(answer.options, limits):
        option = each.option
        name, figure = {
            "latency": ("fastest", f"{quantity_text(option.latency_s, 's')}, {fps_text(option)} FPS"),
            "accuracy": ("most accurate", accuracy_text(option)),
            "energy": ("most frugal", quantity_text(option.energy_j, "J")),
        }[each.limit]
        alone = limits == limits.only(each.limit)
        which = "" if alone else " that keeps to the rest" if each.within_others else " of all"
        yield f"  The {name}{which}: {case_name(option)}, {figure}."


def _choice(answer: Answer, choice: Option) -> Iterator[str]:
    ranked = answer.advice[0].ranked
    yield _how_certain(answer) if ranked else _not_ranked(answer)
    if answer.better:
        yield _what_better_costs(answer, choice, answer.better)
    elif choice.top1_ratio is not None:
        all_known = all(option.top1_ratio is not None for option in answer.options)
        yield f"Nothing {'that was measured' if all_known else 'whose accuracy is known'} is more accurate."
    if answer.better and ranked and answer.limits == Limits():
        least = "the least of all" if answer.all_ranked else "the least that is known"
        yield f"That is {least}; --min-accuracy says how accurate it must be."


def _how_certain(answer: Answer) -> str:
    aim = answer.aim
    first, *rest = [each for each in answer.advice if each.ranked]
    tied = [case_name(each.option) for each in rest if not each.ahead]
    deploy = f"Deploy {case_name(first.option)}"
    if tied and aim is Least.MEMORY:
        return f"{deploy}; its file is as small as that of {', '.join(tied)}."
    if tied and aim is Least.LATENCY and not _all_u95_known(answer):
        return f"{deploy}; {', '.join(tied)} may have as little latency."
    if tied:
        return f"{deploy}; within U95, {', '.join(tied)} may have as little {aim}."
    surely = " for certain" if rest and first.keeps is Keeps.CERTAINLY else ""
    return f"{deploy}: the least {aim}{surely if answer.all_ranked else ' that is known'}."


def _all_u95_known(answer: Answer) -> bool:
    return all(each.option.latency_s.u95_known for each in answer.advice)


def _not_ranked(answer: Answer) -> str:
    """What there is to say where the cost of nothing that keeps to the limits is known."""
    what = cost_word(answer.aim)
    first, *others = answer.advice
    if not others:
        probably = "probably " if first.keeps is Keeps.PROBABLY else ""
        keeps = f"{case_name(first.option)} {probably}keeps to your limits"
        return f"{keeps}, but its {what} is not known: --least latency does without it."
    keep = f"{len(answer.advice)} cases keep to your limits"
    return f"{keep}, but the {what} of none is known: --least latency ranks them."


def _what_better_costs(answer: Answer, choice: Option, better: Option) -> str:
    points = 100 * ((better.top1_ratio or 0.0) - (choice.top1_ratio or 0.0))
    costs = [_more(choice.latency_s, better.latency_s, "ms")]
    if better.energy_j and choice.energy_j:
        costs.append(_more(choice.energy_j, better.energy_j, "mJ"))
    if better.size_bytes and choice.size_bytes:
        costs.append(f"{(better.size_bytes - choice.size_bytes) / 1e6:+.1f} MB")
    broken = answer.limits.broken_by(better)
    but = f"; it breaks your limit of {' and '.join(broken)}" if broken else ""
    lacking = answer.lacking(better)
    are = "is" if len(lacking) == 1 else "are"
    unknown = f"; its {' and '.join(lacking)} {are} not known" if lacking else ""
    return f"The next better, {case_name(better)}: {points:+.1f} points for {', '.join(costs)}{but}{unknown}."


def _more(choice: Uncertain, better: Uncertain, unit: str) -> str:
    ratio = f" (x{better.value / choice.value:.2f})" if choice.value > 0 else ""
    return f"{1e3 * (better.value - choice.value):+.1f} {unit}{ratio}"
