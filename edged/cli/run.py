"""`edged run`: the cases as the schedule has them, for ever, with the results at `/metrics`."""

from contextlib import ExitStack, closing

import click

from edged.assembly.assembled import assembled
from edged.cli.choice import Choice, protocol_of, with_choice
from edged.cli.live import view, wide_console
from edged.cli.prepare import engine_in_use, prepare_models, title
from edged.daemon.plan import plan_of
from edged.daemon.service import Daemon


@click.command()
@with_choice
def run(choice: Choice) -> None:
    """Measure all cases in turn, for ever, and serve the results at /metrics.

    A MODEL is measured on every CPU cluster, a CASE (MODEL@CLUSTER) on one; both may hold * and ?. Ctrl-C or
    SIGTERM ends it.
    """
    console = wide_console()
    config = choice.config()
    protocol = protocol_of(config)
    with ExitStack() as stack:
        assembly = stack.enter_context(assembled(config, choice.simulation(config)))
        plan = plan_of(config, assembly, choice.cases)
        prepare_models(plan.cases, config, console)
        daemon = stack.enter_context(closing(Daemon(assembly, config, plan, engine_in_use(config))))
        try:
            console.print(f"metrics: http://{daemon.server.address}/metrics    Ctrl-C ends", highlight=False)
            with view(console, plan.cases, title(assembly, protocol), assembly) as watcher:
                daemon.measure([watcher])
        except KeyboardInterrupt:
            console.print("stopped", highlight=False)
