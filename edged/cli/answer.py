"""The answer to a question of `edged advise`, before it becomes words, a table or JSON."""

from dataclasses import dataclass

from edged.errors import EdgedError
from edged.report.board import BoardResults, Measured
from edged.tradeoff.advice import Advice, Least, Limits, Option, advise, next_better, undecided


@dataclass(frozen=True, slots=True)
class Answer:
    """What keeps to the limits, and what else is to be said.

    Attributes:
        options: Every case that was measured.
        limits: What was asked.
        aim: What is to be least.
        advice: What keeps to the limits, the first choice first; empty where nothing does.
        better: The next more accurate option than the first choice, if there is any.
        kept_out: Options of which nobody knows whether they keep to the limits.
        on_other_rails: What was measured on other rails than the rest, and so has no energy to compare.
        simulation: What is simulated; "" on a real board.
    """

    options: list[Option]
    limits: Limits
    aim: Least
    advice: list[Advice]
    better: Option | None
    kept_out: list[Option]
    on_other_rails: tuple[Measured, ...]
    simulation: str

    @property
    def all_ranked(self) -> bool:
        """Whether the cost of everything that may keep to the limits is known."""
        may_keep = (*(each.option for each in self.advice), *self.kept_out)
        return all(option.cost(self.aim) for option in may_keep)

    def lacking(self, option: Option) -> list[str]:
        """What is not known of an option, though it is asked for."""
        cost = [] if option.cost(self.aim) else [cost_word(self.aim)]
        return list(dict.fromkeys([*self.limits.unknown_of(option), *cost]))


def answer(board: BoardResults, limits: Limits, least: Least | None) -> Answer:
    """What this board's results say.

    Args:
        board: The results.
        limits: What an option must keep to.
        least: What is to be least; None for energy where it is measured, else latency.

    Raises:
        EdgedError: If it would need what nothing on this board measures.
    """
    options = _options(board)
    has_energy = any(option.energy_j for option in options)
    aim = least or (Least.ENERGY if has_energy else Least.LATENCY)
    if not has_energy and (aim is Least.ENERGY or limits.max_energy_j is not None):
        raise EdgedError(
            "nothing measured power on this board, so that energy cannot be a limit or an aim",
            remedy="edged board says what would bring it",
        )
    advice = advise(options, limits, aim)
    return Answer(
        options,
        limits,
        aim,
        advice,
        next_better(options, advice[0].option, aim, limits) if advice else None,
        undecided(options, limits),
        board.on_other_rails,
        board.life.simulation,
    )


def cost_word(aim: Least) -> str:
    """What it is of an option that is to be least."""
    return "size" if aim is Least.MEMORY else aim.value


def _options(board: BoardResults) -> list[Option]:
    return [
        Option(
            case.model.name,
            case.cpu_cluster,
            case.latency_s,
            case.model.accuracy.top1_ratio if case.model.accuracy else None,
            case.compared_energy_j,
            board.size_bytes.get(case.model.name),
        )
        for case in board.cases
    ]
