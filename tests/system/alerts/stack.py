"""Debian's Prometheus and Alertmanager with the shipped files, in a hurry."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.integration.rules.promtool import CONFIGURATION, RULE_FILES, RULES
from tests.system.alerts.hurried import hurried
from tests.system.stack.servers import Webhook, ask, free_port, receiving, serving, wait_for

__all__ = ["ask", "stack", "wait_for"]


@contextmanager
def stack(directory: Path, board: str) -> Iterator[tuple[str, Webhook]]:
    """Prometheus' address, and who receives.

    Args:
        directory: Where everything goes.
        board: Address and port of edged.
    """
    with ExitStack() as exits:
        webhook, webhook_port = exits.enter_context(receiving())
        alertmanager_port, prometheus_port = free_port(), free_port()
        for path in (*RULE_FILES, RULES / "alertmanager.yml", CONFIGURATION):
            # The receiver's port of this run in place of the usual one.
            text = hurried(path.read_text(encoding="utf-8")).replace(
                "127.0.0.1:9095", f"127.0.0.1:{webhook_port}"
            )
            to = directory / ("rules" if path in RULE_FILES else "") / path.name
            to.parent.mkdir(exist_ok=True)
            to.write_text(text, encoding="utf-8")
        (directory / "alertmanagers.yml").write_text(f'- targets: ["127.0.0.1:{alertmanager_port}"]\n')
        (directory / "targets").mkdir()
        (directory / "targets/edged.yml").write_text(f'- targets: ["{board}"]\n')
        exits.enter_context(
            serving(
                "prometheus-alertmanager",
                "--config.file=alertmanager.yml",
                "--storage.path=alertmanager",
                "--cluster.listen-address=",
                port=alertmanager_port,
                directory=directory,
            )
        )
        prometheus = exits.enter_context(
            serving(
                "prometheus",
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=prometheus",
                port=prometheus_port,
                directory=directory,
            )
        )
        yield prometheus, webhook
