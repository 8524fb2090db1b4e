"""deploy/install.sh from nothing, in a Debian 12 that boots systemd: `make test-install`.

versions  next versions of what is unpacked on the board, good ones and broken ones
checks/   what must be so, in order: each check goes on where the one before it ended
"""
