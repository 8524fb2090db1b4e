"""The answer to a question of `edged advise` as JSON for scripts."""

from typing import Any

from edged.cli.answer import Answer
from edged.measurement.result import Uncertain
from edged.tradeoff.advice import Option, nearest, open_ones


def answer_json(answer: Answer) -> dict[str, Any]:
    """All of it; what is not known is null."""
    limits, better = answer.limits, answer.better
    return {
        "least": answer.aim.value,
        "simulation": answer.simulation,
        "choices": [
            {
                **_option_json(each.option),
                "keeps": each.keeps.value,
                "dearer_ratio": each.dearer_ratio,
                "certainly_dearer": each.ahead,
                "not_known": answer.lacking(each.option),
            }
            for each in answer.advice
        ],
        "next_better": {
            **_option_json(better),
            "breaks": limits.broken_by(better),
            "not_known": answer.lacking(better),
        }
        if better
        else None,
        "open_within_u95": [
            {**_option_json(option), "breaks": limits.broken_by(option)}
            for option in open_ones(answer.options, limits)
        ],
        "undecided": [
            {**_option_json(option), "not_known": limits.unknown_of(option)} for option in answer.kept_out
        ],
        "on_other_rails": [
            {"model": case.model.name, "cpu_cluster": case.cpu_cluster, "rails": case.rails}
            for case in answer.on_other_rails
        ],
        "nearest": []
        if answer.advice
        else [{**_option_json(each.option), "limit": each.limit} for each in nearest(answer.options, limits)],
    }


def _option_json(option: Option) -> dict[str, Any]:
    energy = option.energy_j
    return {
        "model": option.model,
        "cpu_cluster": option.cpu_cluster,
        "top1_ratio": option.top1_ratio,
        "latency_s": _quantity_json(option.latency_s),
        "net_energy_j": _quantity_json(energy) if energy else None,
        "size_bytes": option.size_bytes,
    }


def _quantity_json(quantity: Uncertain) -> dict[str, float | None]:
    return {"value": quantity.value, "u95": quantity.u95 if quantity.u95_known else None}
