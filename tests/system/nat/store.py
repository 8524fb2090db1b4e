"""Debian's VictoriaMetrics as the store, with encryption and a password."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.system.nat.network import STORE_ADDRESS, Place, parsed

PASSWORD = "of-the-store"


@dataclass(frozen=True, slots=True)
class Store:
    """A store that runs.

    Attributes:
        place: Where.
        url: Its address.
        secrets: What a board gets of it: `store-ca.pem` and `store-password`.
    """

    place: Place
    url: str
    secrets: Path

    def ask(self, path: str, body: str = "") -> str | None:
        """What it answers; None if it does not."""
        certificate = str(self.secrets / "store-ca.pem")
        return self.place.fetch(f"{self.url}{path}", ca=certificate, user=f"boards:{PASSWORD}", body=body)

    def samples(self, selector: str) -> list[tuple[dict[str, str], list[tuple[int, float | None]]]]:
        """Every sample of these series: milliseconds and value, None for the mark of a series' end."""
        # Otherwise what it took within the last second may not be found yet.
        assert self.ask("/internal/force_flush") is not None
        text = self.ask(f"/api/v1/export?match[]={selector}")
        assert text is not None
        found = []
        for line in text.splitlines():
            series: dict[str, Any] = json.loads(line)
            found.append((series["metric"], list(zip(series["timestamps"], series["values"], strict=True))))
        return found

    def value(self, query: str) -> float | None:
        """The one value of a query, now."""
        found = parsed(self.ask(f"/api/v1/query?query={query}"))
        result = found["data"]["result"] if found else []
        return float(result[0]["value"][1]) if result else None


@contextmanager
def victoria_metrics(place: Place, directory: Path) -> Iterator[Store]:
    """A store from its start to its end; its data is below the directory."""
    program = shutil.which("victoria-metrics")
    assert program
    secrets = directory / "secrets"
    secrets.mkdir(parents=True)
    certificate, key = secrets / "store-ca.pem", directory / "store.key"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=store"
    name = ["-addext", f"subjectAltName=IP:{STORE_ADDRESS}"]
    subprocess.run(
        ["openssl", *words.split(), *name, "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    (secrets / "store-password").write_text(PASSWORD + "\n")
    flags = [
        f"-httpListenAddr={STORE_ADDRESS}:8428",
        f"-storageDataPath={directory / 'data'}",
        "-dedup.minScrapeInterval=1ms",
        "-search.latencyOffset=0s",
        f"-tls -tlsCertFile={certificate} -tlsKeyFile={key}",
        "-envflag.enable -httpAuth.username=boards",
    ]
    with (directory / "store.log").open("w") as log:
        process = subprocess.Popen(
            place.command(program, *" ".join(flags).split()),
            stdout=log,
            stderr=subprocess.STDOUT,
            # Not in argv.
            env={**os.environ, "httpAuth_password": PASSWORD},
        )
        try:
            yield Store(place, f"https://{STORE_ADDRESS}:8428", secrets)
        finally:
            process.terminate()
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
