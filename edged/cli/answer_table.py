"""The answer to a question of `edged advise` as a table: what keeps to the limits, the first choice first."""

from edged.cli.answer import Answer, cost_word
from edged.cli.option_text import accuracy_text, fps_text, quantity_text
from edged.cli.table import Column, FittingTable
from edged.tradeoff.advice import Advice, Keeps, Least


def answer_table(answer: Answer) -> FittingTable:
    """One row for each option that keeps to the limits; what is to be least of it is always shown."""
    spare = {Least.LATENCY: 3, Least.ENERGY: 3, Least.MEMORY: 7, answer.aim: 0}
    in_doubt = any(each.keeps is not Keeps.CERTAINLY for each in answer.advice)
    columns = (
        Column("model", folds=20),
        Column("cluster", folds=8),
        Column("top-1", right=True, spare=1),
        Column("latency", right=True, spare=spare[Least.LATENCY]),
        Column("FPS", right=True, spare=6),
        Column("energy", right=True, spare=spare[Least.ENERGY]),
        Column("file", right=True, spare=spare[Least.MEMORY]),
        Column(f"{answer.aim} / least", right=True, spare=5),
        Column("keeps to limits", spare=2 if in_doubt else 4),
    )
    table = FittingTable("", columns, "--json")
    for each in answer.advice:
        table.add_row(*_row(each, answer.aim))
    return table


def _row(each: Advice, aim: Least) -> tuple[str, ...]:
    option = each.option
    return (
        option.model.removeprefix("mobilenet_v1_"),
        option.cpu_cluster,
        accuracy_text(option),
        quantity_text(option.latency_s, "s"),
        fps_text(option),
        quantity_text(option.energy_j, "J"),
        "" if option.size_bytes is None else f"{option.size_bytes / 1e6:.1f} MB",
        f"{cost_word(aim)} not known" if each.dearer_ratio is None else f"x{each.dearer_ratio:.2f}",
        each.keeps.value,
    )
