"""`[daemon]`: what the service does beside measuring."""

from dataclasses import dataclass
from pathlib import Path

from edged.config.option import option


@dataclass(frozen=True, slots=True)
class DaemonSection:
    """`[daemon]`: what the service does beside measuring."""

    status_file: Path | None = option(
        "What edged status reads; without it in the run-time directory, or beside the journal", default=None
    )
