"""`edged run`: the cases as the schedule has them, for ever, with the results at `/metrics`."""

import faulthandler
import os
from contextlib import ExitStack, closing

import click

from edged.assembly.assembled import REPLAY, assembled, check_clusters
from edged.cli.choice import Choice, protocol_of, with_choice
from edged.cli.live import view
from edged.cli.number import Number
from edged.cli.plain_console import wide_console
from edged.cli.prepare import engine_in_use, prepare_models, title
from edged.cli.waiting import Waiting
from edged.clock import SystemClock
from edged.config.file import DEFAULT_PATH
from edged.config.sections import Config
from edged.daemon.activation import (
    activated_descriptors,
    activated_socket,
    turned_away_when_useless,
)
from edged.daemon.held_port import LISTEN, tell_what_does_not_count
from edged.daemon.log import log_to
from edged.daemon.notify import Notifier, sender, watchdog_period_s
from edged.daemon.outside import Outside
from edged.daemon.plan import plan_of
from edged.daemon.reload import Reloader
from edged.daemon.service import Daemon
from edged.daemon.supervision import supervised
from edged.errors import UsageError


@click.command()
@with_choice
@click.option(
    "--speed",
    metavar="FACTOR",
    type=Number(min=0),
    help="With --engine replay: how fast its time runs, 1 being real; 0 is as fast as it can. Default: 1.",
)
def run(choice: Choice, speed: float | None) -> None:
    """Measure all cases in turn, for ever, and serve the results at /metrics.

    A MODEL, by its name or its file, is measured on every CPU cluster, a CASE (MODEL@CLUSTER) on one. Both
    may hold * and ?, which stand for themselves where a model is called exactly so. Ctrl-C or SIGTERM ends
    it.
    """
    if speed is not None and choice.engine != REPLAY:
        raise UsageError("--speed is that of a replay", remedy="give --simulate xu3 --engine replay too")
    # A watchdog that ends a stuck process has it say where each thread was.
    faulthandler.enable()
    to_journal = log_to(os.environ)
    clock = SystemClock()
    notifier = Notifier(sender(os.environ), clock)
    watchdog_s = watchdog_period_s(os.environ, os.getpid())
    listening = activated_socket(activated_descriptors(os.environ))
    console = wide_console()
    with ExitStack() as stack:
        stack.enter_context(turned_away_when_useless(listening))

        def read() -> Config:
            file = choice.config_file()
            tell_what_does_not_count(file, listening)
            return file.config

        config = read()
        protocol = protocol_of(config)
        assembly = stack.enter_context(assembled(config, choice.simulation(config, speed)))
        plan = plan_of(config, assembly, choice.cases)
        notifier.status("building models")
        prepare_models(plan.cases, config, console)

        def apply(new: Config) -> None:
            if not assembly.simulation:
                check_clusters(new, assembly.board)
            new_plan = plan_of(new, assembly, choice.cases)
            prepare_models(new_plan.cases, new, console)
            daemon.take(new_plan)
            daemon.admit(new.exposition)

        path = str(choice.config_path or f"/{DEFAULT_PATH}")
        reloader = Reloader(
            config,
            read=read,
            apply=apply,
            path=path,
            notifier=notifier,
            clock=clock,
            without_effect=(LISTEN,) if listening else (),
        )
        outside = Outside(listening, watchdog_s, lambda: reloader.state)
        daemon = stack.enter_context(closing(Daemon(assembly, config, plan, engine_in_use(config), outside)))
        try:
            watching = supervised(
                daemon, assembly, reloader, notifier=notifier, watchdog_s=watchdog_s, clock=clock
            )
            teller = stack.enter_context(watching)
            if to_journal:
                daemon.measure([teller])
            else:
                where = f"metrics: {daemon.server.metrics_url}    Ctrl-C ends"
                console.print(where, highlight=False)
                # Above the table, where there is one.
                waiting = Waiting(
                    lambda line: console.print(line, highlight=False, soft_wrap=True),
                    assembly.clock,
                )
                with view(console, plan.cases, title(assembly, protocol), assembly) as watcher:
                    daemon.measure([watcher, teller], waiting.scheduled)
                console.print("stopped", highlight=False)
        except KeyboardInterrupt:
            console.print("stopped", highlight=False)
