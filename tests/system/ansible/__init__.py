"""The Ansible role against ten boards: `make test-ansible`.

root      Debian's files with sshd and what edged depends on, without edged; kept in .cache/ansible-test
versions  the packages that they get: this one, a next one, and one that cannot start
network   a network of its own for controller, boards and Prometheus, and for nobody else
boards    containers, each with its address
control   the inventory, the secrets and ansible-playbook
test_*    what must be so: of ten boards and of one, in the order of their life, and what needs none
"""
