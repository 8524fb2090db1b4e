"""The service under a real systemd: `make test-system`.

The host side makes a Debian 12, boots it with systemd-nspawn, has install.sh install edged in it, and looks
at it from outside. Nothing of it stays: what the container writes is in memory, and gone at its end.

    root      Debian's files, with what edged takes from Debian or without; kept in .cache/container
    machine   boots and ends the container, and runs commands in it
    install   this work tree in the container, and its install.sh
    documented, neighbour   what documents have people do on it, and who scrapes it from elsewhere
    session   runs pytest files against it, and prints a line for each check, as `make test-vm` does
    checks/   what must be so
"""
