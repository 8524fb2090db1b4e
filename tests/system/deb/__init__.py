"""The packages in a clean Debian 12, from installation to purge: `make test-deb`.

packages  builds those of this work tree, a next version and one whose service cannot start
root      Debian's files without edged, and the packages that it depends on; kept in .cache/deb-test
files     what is on the machine, to compare before and after
checks/   what must be so, in the order of a package's life
"""
