"""`edged measure`: cases now, with a live table and progress."""

import json
import sys
from contextlib import ExitStack, closing

import click

from edged.assembly.assembled import assembled
from edged.cli.choice import Choice, protocol_of, with_choice
from edged.cli.energy_table import energy_table
from edged.cli.kept import Kept
from edged.cli.live import view
from edged.cli.plain_console import plain_console, wide_console
from edged.cli.prepare import prepare_models, title
from edged.measurement.sweep import sweep


@click.command()
@with_choice
@click.option("--json", "as_json", is_flag=True, help="Print results as JSON on standard output.")
def measure(choice: Choice, *, as_json: bool) -> int:
    """Measure cases now, one after the other.

    A MODEL, by its name or its file, is measured on every CPU cluster, a CASE (MODEL@CLUSTER) on one. Both
    may hold * and ?, which stand for themselves where a model is called exactly so. Without any, all models
    are measured. Ctrl-C ends the measurement under way and keeps what is finished. The exit code is 1 if any
    measurement failed to give a latency.
    """
    console = wide_console(stderr=as_json)
    config = choice.config()
    protocol = protocol_of(config)
    interrupted = False
    with ExitStack() as stack:
        assembly = stack.enter_context(assembled(config, choice.simulation(config)))
        cases = choice.cases(assembly.cases)
        prepare_models(cases, config, plain_console(stderr=True))
        kept = Kept(assembly.truth)
        shown = stack.enter_context(view(console, cases, title(assembly, protocol), assembly))
        under_way = stack.enter_context(
            closing(sweep(cases, assembly.board, protocol, assembly.rig, [kept, shown]))
        )
        try:
            for _ in under_way:
                pass
        except KeyboardInterrupt:
            interrupted = True
    finished = kept.measurements
    if any(measurement.rails for measurement in finished):
        console.print(energy_table(finished, simulated=bool(assembly.simulation)))
    if as_json:
        json.dump({"measurements": kept.told}, sys.stdout, indent=2)
        print()
    if interrupted:
        console.print(f"interrupted: {len(finished)} of {len(cases)} cases finished", highlight=False)
        return 130
    return 0 if all(measurement.latency for measurement in finished) else 1
