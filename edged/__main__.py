"""`python -m edged` is `edged`."""

from edged.cli.main import main

main()
