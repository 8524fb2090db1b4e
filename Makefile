# Every target does all of its own set-up, on a fresh Debian 12 too.
VENV := .venv
BIN := $(VENV)/bin
APT := python3 python3-venv
PEERS := prometheus prometheus-node-exporter umockdev gir1.2-umockdev-1.0 python3-gi chromium fonts-dejavu-core
SETUP := $(VENV)/.ready

.PHONY: setup run test test-vm check bench clean
setup: $(SETUP)

$(SETUP): pyproject.toml Makefile
	@.ci/apt $(APT)
	python3 -m venv $(VENV)
	$(BIN)/pip --quiet --disable-pip-version-check install --editable '.[engine,models,meters,images,grafana,dev]'
	@touch $@

run: setup
	$(BIN)/edged run --simulate auto

# promtool, a peer to compare with, a mocked /sys for udev, a browser; no server of theirs is started.
.PHONY: peers
peers:
	@.ci/apt $(PEERS) || echo "Without them the tests that need them are skipped." >&2

# Grafana's own transformations, 130 MB: the tests of the dashboards see with them what a panel draws.
.PHONY: grafana-packages
grafana-packages:
	@.ci/npm tests/integration/grafana/node || echo "Without them the tests that need them are skipped." >&2

.PHONY: dashboards
dashboards: setup
	$(BIN)/python -m edged.grafana

# Files are shared out between two processes, and so are the alerts' trials beside them: alone at the end, one that
# computes for minutes would leave a CPU idle. The trial in real time mostly waits.
.PHONY: test-files
test: setup peers grafana-packages alert-servers
	@$(MAKE) --no-print-directory --jobs=3 test-files test-alerts-virtual test-alerts-told

test-files: setup
	$(BIN)/pytest --numprocesses=2 --dist=loadfile

# The kernel's own ina2xx driver in an emulated ARM board; skips, saying why, where that cannot be had.
test-vm: setup
	$(BIN)/python -m tests.system.vm

# Simulated boards heat up and go wrong in virtual time, and the shipped rules say so; on a whole day on which nothing
# goes wrong they say nothing. And one heats up until Debian's Prometheus and Alertmanager have told whom it is sent
# to, and cools until that is taken back.
.PHONY: test-alerts test-alerts-virtual test-alerts-told alert-servers
alert-servers: setup
	@.ci/apt prometheus prometheus-alertmanager || echo "Without them these tests are skipped." >&2

test-alerts: alert-servers
	@$(MAKE) --no-print-directory --jobs=2 --output-sync test-alerts-virtual test-alerts-told

test-alerts-virtual: alert-servers
	$(BIN)/pytest tests/system/alerts --ignore=tests/system/alerts/test_end_to_end.py \
		--numprocesses=2 --dist=worksteal

test-alerts-told: alert-servers
	$(BIN)/pytest tests/system/alerts/test_end_to_end.py

# The monitoring side: every file of deploy/stack, and the Debian way with boards that are scraped.
.PHONY: test-stack
test-stack: setup
	@.ci/apt openssl prometheus prometheus-alertmanager docker-compose || echo "Without them tests are skipped." >&2
	$(BIN)/pytest tests/system/stack

# The containers of deploy/stack in Debian's Docker, with images that stand in for the official ones; skips, saying why,
# where that cannot be had.
.PHONY: test-containers
test-containers: setup
	@.ci/apt docker.io docker-compose iptables iproute2 util-linux busybox-static openssl prometheus \
		prometheus-alertmanager || echo "Without them these tests are skipped." >&2
	$(BIN)/pytest tests/system/compose

# Boards behind NAT, in network namespaces; skips, saying why, without root.
.PHONY: test-nat
test-nat: setup
	@.ci/apt openssl iproute2 nftables prometheus prometheus-alertmanager victoria-metrics || \
		echo "Without them tests are skipped." >&2
	$(BIN)/pytest tests/system/nat

# The service in a Debian 12 that boots systemd; skips, saying why, where that cannot be had.
.PHONY: test-system
test-system: setup
	$(BIN)/python -m tests.system.container

# deploy/install.sh on a board with nothing on it: install, upgrade, roll back, uninstall.
.PHONY: test-install
test-install: setup
	$(BIN)/python -m tests.system.install

# What boards cost their Prometheus: ten of them for a minute, and 10, 50 and 200 of them in ten minutes.
.PHONY: test-fleet bench-fleet
test-fleet: alert-servers
	$(BIN)/pytest tests/system/fleet

bench-fleet: alert-servers
	nice $(BIN)/python -m tests.system.fleet

# The Ansible role: linted, and against eleven boards in containers; skips, saying why, where those cannot be had.
ANSIBLE := .cache/ansible
.PHONY: ansible test-ansible
ansible: $(ANSIBLE)/.ready

$(ANSIBLE)/.ready: deploy/ansible/requirements.txt
	@.ci/apt $(APT)
	python3 -m venv $(ANSIBLE)
	$(ANSIBLE)/bin/pip --quiet --disable-pip-version-check install --requirement $<
	@touch $@

test-ansible: setup ansible
	@.ci/apt mmdebstrap systemd-container util-linux iproute2 openssh-client openssl debhelper dh-python dpkg-dev prometheus \
		|| echo "Without them these tests are skipped." >&2
	cd deploy/ansible && ../../$(ANSIBLE)/bin/yamllint --strict .
	cd deploy/ansible && PATH="$(CURDIR)/$(ANSIBLE)/bin:$$PATH" ansible-lint --offline --strict
	$(BIN)/pytest tests/system/ansible -p no:randomly --durations=10

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup peers
	$(BIN)/python -m tests.bench

# Packages for Debian 12, one for each architecture, into .cache/deb.
.PHONY: deb
deb: setup
	@.ci/apt debhelper dh-python dpkg-dev
	deploy/deb/build $(BIN)/python .cache/deb armhf arm64 amd64

# They are installed, upgraded, removed and purged in a clean Debian 12; skips, saying why, where that cannot be had.
.PHONY: test-deb
test-deb: setup
	$(BIN)/python -m tests.system.deb

# All unit tests, real measurements and the package in an emulated 32-bit ARM Debian 12: five minutes
# and more.
.PHONY: test-armhf
test-armhf: deb
	$(BIN)/python -m tests.system.armhf

clean:
	rm -rf $(VENV) .cache
