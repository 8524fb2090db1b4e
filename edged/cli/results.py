"""`edged results`: what the journal has."""

import json
import sys
from pathlib import Path

import click

from edged.cli.live import wide_console
from edged.cli.record_json import record_json
from edged.cli.records_csv import write_csv
from edged.cli.records_table import records_table
from edged.cli.since import since_wall_s
from edged.clock import SystemClock
from edged.config.file import load_config
from edged.errors import UsageError
from edged.exposition.backfill import backfill
from edged.journal.reader import Wanted, read_records
from edged.journal.record import Record
from edged.measurement.verdict import Reason

_VERDICTS = ("valid", "rejected", *(reason.value for reason in Reason))


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "openmetrics"]), default="table")
@click.option("--model", "models", multiple=True, help="Only this model, with * and ?; may be given again.")
@click.option("--cluster", "clusters", multiple=True, help="Only this CPU cluster; may be given again.")
@click.option("--verdict", metavar="VERDICT", help="valid, rejected, or a reason such as throttled.")
@click.option("--since", metavar="WHEN", help="30m, 12h, 7d, or a date: only what finished since then.")
@click.option(
    "--simulated",
    metavar="NAME",
    default="",
    help="The journal of a simulated board: xu3, xu3-replay, xu4, ...",
)
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), help="Default: /etc/edged/edged.toml."
)
def results(
    *,
    form: str,
    models: tuple[str, ...],
    clusters: tuple[str, ...],
    verdict: str | None,
    since: str | None,
    simulated: str,
    config_path: Path | None,
) -> None:
    """Show what edged run has measured, from its journal.

    OpenMetrics holds the valid measurements with their time stamps, for "promtool tsdb create-blocks-from
    openmetrics"; those made before the board's clock was set are left out.
    """
    path = load_config(config_path).journal.path_for(simulated)
    wanted = Wanted(
        models=models,
        cpu_clusters=clusters,
        valid=_valid(verdict),
        reason=Reason(verdict) if verdict in set(Reason) else None,
        since_wall_s=None if since is None else since_wall_s(since, SystemClock().wall_s()),
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
            print(backfill(records), end="")
        case _:
            told = f"{len(records)} measurements in {path}"
            title = f"SIMULATED BOARD: {told}" if simulated else told
            wide_console().print(records_table(records, title))


def _valid(verdict: str | None) -> bool | None:
    if verdict is not None and verdict not in _VERDICTS:
        raise UsageError(f"there is no verdict {verdict!r}", remedy=f"known: {', '.join(_VERDICTS)}")
    return None if verdict is None else verdict == "valid"


def _say_what_is_left_out(records: list[Record]) -> None:
    unset = sum(record.measurement.verdict.valid and not record.wall_is_trusted for record in records)
    if unset:
        click.echo(f"left out: {unset} measurements made before the board's clock was set", err=True)
