"""`edged results`: what the journal has."""

import json
import re
import sys
from pathlib import Path

import click

from edged.cli.common_options import clusters_option, config_option, models_option
from edged.cli.history_table import history_table, write_history_csv, write_history_json
from edged.cli.journal_models import journal_models
from edged.cli.plain_console import wide_console
from edged.cli.readable_journal import readable_journal
from edged.cli.record_json import record_json
from edged.cli.records_csv import write_csv
from edged.cli.records_table import records_table
from edged.cli.simulation_option import simulated_option
from edged.cli.since import since_wall_s
from edged.clock import SystemClock
from edged.config.file import load_config
from edged.errors import UsageError
from edged.exposition.backfill import backfill
from edged.exposition.results import RESULTS
from edged.journal.history import EpisodeRecord, LifeRecord, read_episodes, read_lives
from edged.journal.reader import Wanted, read_records
from edged.journal.record import Record
from edged.measurement.verdict import Reason

# As Prometheus has them; two underscores are its own.
_LABEL = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")
_OWN_LABELS = {"simulated", *(name for family in RESULTS.families for name in family.labels)}
_NONE_YET = "edged run measures; edged status says what it does now."
_NONE_WANTED = "Without --model, --cluster, --verdict and --since, all are shown."
_VERDICTS = ("valid", "rejected", *(reason.value for reason in Reason))


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "openmetrics"]),
    default="table",
    help="Default: table.",
)
@models_option
@clusters_option
@click.option("--verdict", metavar="VERDICT", help="valid, rejected, or a reason such as throttled.")
@click.option("--since", metavar="WHEN", help="30m, 12h, 7d, or a date: only what finished since then.")
@click.option("--episodes", is_flag=True, help="Throttle episodes instead of measurements.")
@click.option("--lives", is_flag=True, help="Starts and ends of the daemon instead.")
@simulated_option("The journal")
@click.option(
    "--label",
    "labels",
    metavar="NAME=VALUE",
    multiple=True,
    help="A label for every series of OpenMetrics, such as instance=xu3-attic; may be given again.",
)
@config_option
def results(
    *,
    form: str,
    models: tuple[str, ...],
    clusters: tuple[str, ...],
    verdict: str | None,
    since: str | None,
    episodes: bool,
    lives: bool,
    simulated: str,
    labels: tuple[str, ...],
    config_path: Path | None,
) -> None:
    """Show what edged run has measured, from its journal.

    OpenMetrics holds the valid measurements with their time stamps, for "promtool tsdb create-blocks-from
    openmetrics"; those made before the board's clock was set are left out. Give it the labels that a
    scrape of this board would have: --label job=edged --label instance=BOARD.
    """
    more = _labels(labels, form)
    path = readable_journal(load_config(config_path), simulated)
    since_s = None if since is None else since_wall_s(since, SystemClock().wall_s())
    if episodes and lives:
        raise UsageError("--episodes and --lives are two tables", remedy="ask for one after the other")
    what = "episodes" if episodes else "lives" if lives else None
    if what:
        if models or clusters or verdict:
            raise UsageError(
                f"--{what} are of no model, CPU cluster or verdict", remedy="leave those options out"
            )
        _show_history(what, form, path, since_s, simulated)
        return
    wanted = Wanted(
        models=journal_models(models),
        cpu_clusters=clusters,
        valid=_valid(verdict),
        reason=Reason(verdict) if verdict in set(Reason) else None,
        since_wall_s=since_s,
    )
    records = list(read_records(path, wanted))
    match form:
        case "csv":
            write_csv(records, sys.stdout)
        case "json":
            json.dump({"measurements": [record_json(record) for record in records]}, sys.stdout, indent=2)
            print()
        case "openmetrics":
            _say_what_is_left_out(records)
            print(backfill(records, more), end="")
        case _:
            title = _title(len(records), "measurement", path, simulated)
            console = wide_console()
            console.print(records_table(records, title))
            if not records:
                console.print(_NONE_YET if wanted == Wanted() else _NONE_WANTED, highlight=False)


def _labels(words: tuple[str, ...], form: str) -> dict[str, str]:
    if words and form != "openmetrics":
        raise UsageError("--label is for OpenMetrics", remedy="add --format openmetrics")
    labels = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (equals and _LABEL.fullmatch(name)) or name in _OWN_LABELS:
            raise UsageError(
                f"--label {word}: is no label that can be added", remedy="--label instance=BOARD"
            )
        labels[name] = value
    return labels


def _show_history(what: str, form: str, path: Path, since_s: float | None, simulated: str) -> None:
    if form == "openmetrics":
        raise UsageError(f"--{what} have no OpenMetrics", remedy="--format table, csv or json")
    history = list(read_lives(path, since_s)) if what == "lives" else list(read_episodes(path, since_s))
    kind = LifeRecord if what == "lives" else EpisodeRecord
    match form:
        case "csv":
            write_history_csv(history, kind, sys.stdout)
        case "json":
            write_history_json(history, what, sys.stdout)
        case _:
            name = "start" if what == "lives" else "throttle episode"
            wide_console().print(history_table(history, kind, _title(len(history), name, path, simulated)))


def _title(count: int, what: str, path: Path, simulated: str) -> str:
    told = f"{count} {what}{'' if count == 1 else 's'} in {path}"
    return f"SIMULATED BOARD: {told}" if simulated else told


def _valid(verdict: str | None) -> bool | None:
    if verdict is not None and verdict not in _VERDICTS:
        raise UsageError(f"there is no verdict {verdict!r}", remedy=f"known: {', '.join(_VERDICTS)}")
    return None if verdict is None else verdict == "valid"


def _say_what_is_left_out(records: list[Record]) -> None:
    unset = sum(record.measurement.verdict.valid and not record.wall_is_trusted for record in records)
    if unset:
        what = "measurement" if unset == 1 else "measurements"
        click.echo(f"left out: {unset} {what} made before the board's clock was set", err=True)
