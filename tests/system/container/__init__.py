"""The service under a real systemd: `make test-system`.

The host side makes a Debian 12 that has edged installed as on a board, boots it with systemd-nspawn and
looks at it from outside. Nothing of it stays: what the container writes is in memory, and gone at its end.

    root      Debian's files with a virtual environment below /opt/edged; kept in .cache/container
    install   this work tree's edged, units, users and rules, where a package would put them
    machine   boots and ends the container, and runs commands in it
    session   runs pytest files against it, and prints a line for each check, as `make test-vm` does
    checks/   what must be so
"""
