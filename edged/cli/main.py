"""The command `edged`: Ctrl-C is heard before all else is imported, which takes a board a second."""

import sys

from edged.cli.interruption import end_at_once


def main() -> None:
    """Run the command line, and exit."""
    end_at_once()
    from edged.cli.commands import run  # noqa: PLC0415 - nothing of this may come before

    sys.exit(run())
