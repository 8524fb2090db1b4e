"""Three network namespaces, joined by two links."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

STORE_ADDRESS = "10.77.2.2"
_ROUTER_ADDRESS = "10.77.1.1"
# Proxies of this machine are not there.
_FETCH = """
import base64, json, ssl, sys, urllib.request as request
asked = json.load(sys.stdin)
handlers = [request.ProxyHandler({})]
if asked["ca"]:
    handlers.append(request.HTTPSHandler(context=ssl.create_default_context(cafile=asked["ca"])))
made = request.Request(asked["url"], data=asked["body"].encode() or None)
if asked["user"]:
    made.add_header("Authorization", "Basic " + base64.b64encode(asked["user"].encode()).decode())
try:
    with request.build_opener(*handlers).open(made, timeout=asked["patience_s"]) as answer:
        print(answer.read().decode(), end="")
except OSError as error:
    sys.exit(str(error))
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A namespace.

    Attributes:
        name: Its name.
    """

    name: str

    def command(self, *words: str) -> list[str]:
        """A command line that runs a command in it."""
        return ["ip", "netns", "exec", self.name, *words]

    def do(self, *words: str) -> None:
        """Run a command in it, which must succeed."""
        subprocess.run(self.command(*words), check=True, capture_output=True, timeout=60)

    def output(self, *words: str) -> str:
        """What a command in it writes; it must succeed."""
        done = subprocess.run(self.command(*words), check=True, capture_output=True, text=True, timeout=60)
        return done.stdout

    def fetch(
        self, url: str, *, ca: str = "", user: str = "", body: str = "", patience_s: float = 60
    ) -> str | None:
        """What an address answers to somebody in it; None where there is no answer.

        Args:
            url: The address.
            ca: Path of the authority that signed its certificate.
            user: Name and password, with a colon.
            body: What is posted.
            patience_s: For how long it waits.
        """
        asked = json.dumps({"url": url, "ca": ca, "user": user, "body": body, "patience_s": patience_s})
        done = subprocess.run(
            self.command(sys.executable, "-c", _FETCH),
            input=asked,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.stdout if done.returncode == 0 else None


@dataclass(frozen=True, slots=True)
class Network:
    """What stands in what.

    Attributes:
        board: Where board and agent are.
        router: What has an address in both networks.
        store: Where the store is, at STORE_ADDRESS.
    """

    board: Place
    router: Place
    store: Place

    def cut_uplink(self) -> None:
        """Beyond the router nothing goes on: what is sent is lost without a word."""
        self.router.do("ip", "link", "set", "up0", "down")

    def restore_uplink(self) -> None:
        """Bring the way beyond the router back."""
        self.router.do("ip", "link", "set", "up0", "up")

    def unplug_board(self) -> None:
        """The board loses its link, and with it its route."""
        self.board.do("ip", "link", "set", "eth0", "down")

    def plug_board(self) -> None:
        """Bring the board's link back, and its route, as a DHCP client does."""
        self.board.do("ip", "link", "set", "eth0", "up")
        self.board.do("ip", "route", "replace", "default", "via", _ROUTER_ADDRESS)


def missing() -> str:
    """Why there can be no such network here; empty if there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for program in ("ip", "nft"):
        if not shutil.which(program):
            return f"there is no {program}: apt-get install iproute2 nftables"
    name = f"edged-try-{os.getpid()}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"no network namespace can be made: {tried.stderr.strip()}"
    rule = "add table ip nat; add chain ip nat out { type nat hook postrouting priority 100; }"
    tried = subprocess.run(
        ["ip", "netns", "exec", name, "nft", rule], capture_output=True, text=True, check=False
    )
    subprocess.run(["ip", "netns", "del", name], check=False)
    return f"this kernel translates no addresses: {tried.stderr.strip()}" if tried.returncode else ""


@contextmanager
def network() -> Iterator[Network]:
    """A network from its making to its end."""
    with ExitStack() as exits:
        board, router, store = (exits.enter_context(place(role)) for role in ("board", "router", "store"))
        join(End(board, "eth0", "10.77.1.2"), End(router, "lan0", _ROUTER_ADDRESS))
        join(End(router, "up0", "10.77.2.1"), End(store, "eth0", STORE_ADDRESS))
        board.do("ip", "route", "add", "default", "via", _ROUTER_ADDRESS)
        router.do("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
        router.do(
            "nft",
            "add table ip nat; add chain ip nat out { type nat hook postrouting priority 100; }; "
            "add rule ip nat out oifname up0 masquerade",
        )
        yield Network(board, router, store)


@contextmanager
def place(role: str) -> Iterator[Place]:
    """A namespace of this role, from its making to its end."""
    made = Place(f"edged-{role}-{os.getpid()}")
    subprocess.run(["ip", "netns", "add", made.name], check=True, capture_output=True)
    try:
        made.do("ip", "link", "set", "lo", "up")
        yield made
    finally:
        subprocess.run(["ip", "netns", "del", made.name], check=False, capture_output=True)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link.

    Attributes:
        place: Where it is.
        name: What it is called there.
        address: Its address.
    """

    place: Place
    name: str
    address: str


def join(one: End, other: End) -> None:
    """Lay a link between two namespaces."""
    peer = ("peer", "name", other.name, "netns", other.place.name)
    one.place.do("ip", "link", "add", one.name, "type", "veth", *peer)
    for end in (one, other):
        end.place.do("ip", "addr", "add", f"{end.address}/30", "dev", end.name)
        end.place.do("ip", "link", "set", end.name, "up")


def parsed(text: str | None) -> Any:
    """An answer in JSON; None where there was none."""
    return None if text is None else json.loads(text)
