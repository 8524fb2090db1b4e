"""What the journal knows of the board, for the commands that judge it."""

from collections import Counter
from pathlib import Path

from edged.cli.readable_journal import readable_journal
from edged.config.sections import Config
from edged.errors import EdgedError, UsageError
from edged.inference.model import Model
from edged.inference.zoo import PRECISIONS, mobilenets
from edged.journal.reader import Wanted, read_records
from edged.report.board import BoardResults, board_results


def journal_board(config: Config, simulated: str, wanted: Wanted) -> BoardResults:
    """The last valid measurement of each case.

    Args:
        config: Names the journal and models of its own.
        simulated: Name of a simulated board; "" for this machine.
        wanted: Which measurements count.

    Raises:
        UsageError: If there are results, but none of what is wanted.
        EdgedError: If there is no valid measurement, or this user may not read them.
    """
    path = readable_journal(config, simulated)
    records = list(read_records(path, wanted))
    board = board_results(records, _known_models(config))
    if board:
        return board
    if not records and wanted != Wanted():
        raise _not_wanted(path)
    reasons = Counter(reason for record in records for reason in record.measurement.verdict.reasons)
    if reasons:
        told = ", ".join(f"{count} for {reason}" for reason, count in sorted(reasons.items()))
        raise EdgedError(
            f"all {len(records)} measurements were rejected: {told}",
            where=str(path),
            remedy="edged results shows each with what disturbed it",
        )
    raise EdgedError(
        "the journal has no valid measurement yet",
        where=str(path),
        remedy="edged run measures; edged status says what it does now",
    )


def _not_wanted(path: Path) -> EdgedError:
    """That there is nothing of that model, CPU cluster or time, and what there is."""
    cases = dict.fromkeys(str(record.measurement.case) for record in read_records(path, Wanted()))
    if not cases:
        return EdgedError("the journal has no measurement yet", where=str(path), remedy="edged run measures")
    return UsageError(
        "the journal has nothing of what was asked for", where=str(path), remedy=f"it has {', '.join(cases)}"
    )


def _known_models(config: Config) -> tuple[Model, ...]:
    """Every model that results can be of."""
    return (*mobilenets(config.models.directory, PRECISIONS), *config.own_models())
