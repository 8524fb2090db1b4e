"""The machine with the containers, a board on it and one elsewhere, and somebody who receives alerts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.integration.cli.command import REPLAY, line_with
from tests.system.compose import images
from tests.system.compose.engine import Engine, engine
from tests.system.nat.network import End, Place, join, parsed, place
from tests.system.stack.checkout import copied_to, keys, steps
from tests.system.stack.containers import services
from tests.system.stack.test_scraped import secured, write_targets

MACHINE_ADDRESS = "10.78.1.1"
BOARD_ADDRESS = "10.78.1.2"
RECEIVER_PORT = 9095
PROMETHEUS = "http://127.0.0.1:9090"
ALERTMANAGER = "http://127.0.0.1:9093"
GRAFANA = "http://127.0.0.1:3000"
UP = "docker compose up -d"


@dataclass(frozen=True, slots=True)
class Scene:
    """All of it.

    Attributes:
        stack: deploy/stack of a clone.
        engine: Docker on the machine.
        machine: The machine's network.
        board: The other board's network, from which a neighbour could try things too.
        received: Where alerts that were received are kept.
    """

    stack: Path
    engine: Engine
    machine: Place
    board: Place
    received: Path

    def follow(self, step: str) -> str:
        """Do a step of README.md as it stands there, and return what it wrote."""
        # Debian 12 has Compose as a command of its own.
        command = step.replace("docker compose", compose(self.engine))
        done = subprocess.run(
            ["sh", "-euc", command],
            cwd=self.stack,
            env=self.engine.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"
        return done.stdout

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        (found,) = json.loads(self.engine.docker("inspect", self.container(service)).stdout)
        result: dict[str, Any] = found
        return result

    def container(self, service: str) -> str:
        """The container of a service."""
        return self.follow(f"docker compose ps -q {service}").strip()

    def inside(self, service: str, command: str) -> str:
        """What a command writes in a service's container."""
        return self.follow(f"docker compose exec -T {service} {command}")

    def healthy(self) -> bool:
        """Whether every container is running and well by its health check."""
        return all(
            self.inspect(name)["State"].get("Health", {}).get("Status") == "healthy"
            for name in services(self.stack)
        )

    def ask(self, url: str) -> Any:
        """What an address answers to a person on the machine, as JSON; None where nothing answers."""
        return parsed(self.machine.fetch(url))

    def values(self, query: str) -> dict[str, float]:
        """The values of a query by board."""
        found = self.ask(f"{PROMETHEUS}/api/v1/query?query={quote(query)}")
        result = found["data"]["result"] if found else []
        return {each["metric"].get("instance", ""): float(each["value"][1]) for each in result}

    def first_sample(self, board: str) -> Any:
        """Time and value of the oldest scrape of a board that Prometheus has; None if it has none."""
        selector = quote(f'up{{instance="{board}"}}[1h]')
        found = self.ask(f"{PROMETHEUS}/api/v1/query?query={selector}")
        result = found["data"]["result"] if found else []
        return result[0]["values"][0] if result else None

    def alerts(self) -> set[tuple[str, ...]]:
        """Receiver, alert, state and board of all that was received."""
        return {tuple(line.split()) for line in self.received.read_text().splitlines()}


def compose(engine: Engine) -> str:
    """The command that is Compose here."""
    return "docker compose" if engine.docker("compose", "version").returncode == 0 else "docker-compose"


@contextmanager
def scene(directory: Path) -> Iterator[Scene]:
    """The scene after README.md's steps, from its beginning to its end.

    Raises:
        EngineError: No engine runs here.
    """
    with ExitStack() as exits:
        machine, board = (exits.enter_context(place(role)) for role in ("machine", "neighbour"))
        join(End(machine, "eth0", MACHINE_ADDRESS), End(board, "eth0", BOARD_ADDRESS))
        docker = exits.enter_context(engine(machine))
        stack = copied_to(directory / "edged")
        images.make(docker, [each.says["image"] for each in services(stack).values()])
        received = directory / "received"
        received.touch()
        made = Scene(stack, docker, machine, board, received)
        # As a strict umask leaves a clone: containers could read nothing of it.
        made.follow("chmod -R go= ../..")
        todo = steps("Containers")
        for step in todo[: todo.index(UP) + 1]:
            made.follow(step)
        assert keys(stack, "shed", BOARD_ADDRESS).returncode == 0
        password = (stack / "secrets/prometheus/boards-password").read_text().strip()
        exits.enter_context(_board(machine, directory / "attic", MACHINE_ADDRESS))
        exits.enter_context(_board(board, directory / "shed", BOARD_ADDRESS, secured(stack, password)))
        receiver = machine.command(sys.executable, "-m", "tests.system.compose.receiver", MACHINE_ADDRESS)
        exits.enter_context(_running([*receiver, str(RECEIVER_PORT), str(received)]))
        write_targets(
            stack / "targets/edged.yml",
            {"xu3-attic": f"{MACHINE_ADDRESS}:10231", "off": f"{BOARD_ADDRESS}:10232"},
        )
        write_targets(stack / "targets/edged-https.yml", {"xu4-shed": f"{BOARD_ADDRESS}:10231"})
        yield made


@contextmanager
def _board(where: Place, directory: Path, address: str, more: str = "") -> Iterator[None]:
    directory.mkdir()
    config = directory / "edged.toml"
    config.write_text(f'[journal]\npath = "journal.db"\n[exposition]\nlisten = "{address}:10231"\n{more}')
    words = [sys.executable, "-m", "edged", "run", *REPLAY, "--config", str(config)]
    with _running(where.command(*words)) as process:
        line_with(process, "metrics: ")
        yield


@contextmanager
def _running(command: list[str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
