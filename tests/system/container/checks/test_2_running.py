"""Start, readiness, activation, reload and what the log says."""

from edged.events import MEASURED, REJECTED
from edged.exposition.password import hashed
from tests.system.container.checks.service import (
    CONFIG,
    QUICK,
    UNIT,
    configure,
    entries,
    finished,
    main_pid,
    page,
    running,
    sample,
    scraping,
    started,
)
from tests.system.container.machine import Machine


def test_it_is_ready_for_systemd_no_earlier_than_for_others(machine: Machine) -> None:
    started(machine)
    assert page(machine, "/-/ready")[0] == 200
    assert machine.show(UNIT, "ActiveState") == "active"
    assert machine.show(UNIT, "NotifyAccess") == "main"


def test_the_status_says_what_is_measured_and_what_comes_next(machine: Machine) -> None:
    running(machine)

    def told() -> bool:
        text = machine.show(UNIT, "StatusText")
        return text.startswith("measuring mobilenet_v1_") and "; next mobilenet_v1_" in text

    machine.until("the status tells of a measurement", told)


def test_it_runs_without_any_privilege(machine: Machine) -> None:
    pid = running(machine)
    facts = dict(line.split(":\t", 1) for line in machine.ask("cat", f"/proc/{pid}/status").splitlines())
    capabilities = {name: int(value, 16) for name, value in facts.items() if name.startswith("Cap")}
    assert set(capabilities.values()) == {0}, capabilities
    assert (facts["NoNewPrivs"], facts["Seccomp"]) == ("1", "2")
    user = machine.ask("id", "--user", "edged")
    assert facts["Uid"].split() == [user] * 4
    for place in ("/usr/x", "/etc/edged/x", "/var/x"):
        # Not even root could write there, within the service's view of the files.
        refused = machine.run("nsenter", f"--target={pid}", "--mount", "touch", place)
        assert "Read-only file system" in refused.err, place
    setpriv = ("setpriv", "--reuid=edged", "--regid=edged", "--clear-groups")
    inside = ("nsenter", f"--target={pid}", "--mount", *setpriv)
    assert machine.run(*inside, "touch", "/var/lib/edged/x").code == 0
    assert machine.run(*inside, "sh", "-c", "echo x > /proc/sys/kernel/hostname").code != 0


def test_a_measurement_is_in_the_journal_with_its_fields(machine: Machine) -> None:
    running(machine)
    machine.until("a measurement is told", lambda: bool(finished(machine)))
    entry = finished(machine)[-1]
    kind = MEASURED if entry["EDGED_EVENT"] == "measured" else REJECTED
    verdict = "valid" if kind is MEASURED else "rejected"
    assert (entry["MESSAGE_ID"], entry["EDGED_VERDICT"]) == (kind.message_id, verdict)
    assert entry["EDGED_CASE"] == f"{entry['EDGED_MODEL']}@{entry['EDGED_CPU_CLUSTER']}"
    priority = "6" if kind is MEASURED else "4"
    of_whom = (entry["_SYSTEMD_UNIT"], entry["SYSLOG_IDENTIFIER"], entry["PRIORITY"])
    assert of_whom == (UNIT, "edged", priority)
    assert entries(machine, "started")[-1]["EDGED_ADDRESS"] == "127.0.0.1:10231"


def test_workers_share_its_control_group_and_not_its_notifications(machine: Machine) -> None:
    running(machine)
    script = "cat /proc/$(pgrep --newest --full [e]dged.inference.worker)/{cgroup,environ} | tr '\\0' '\\n'"
    told = ""

    def seen() -> bool:
        nonlocal told
        result = machine.run("bash", "-c", script)
        told = result.out
        return result.code == 0 and "PATH=" in told

    machine.until("a worker was seen", seen)
    assert "/system.slice/edged.service" in told
    assert not [name for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "LISTEN_FDS") if name in told]


def test_a_good_configuration_is_taken_while_it_runs(machine: Machine) -> None:
    pid, before_s = running(machine), sample(machine, "edged_config_last_reload_success_timestamp_seconds")
    told = len(entries(machine, "reloaded"))
    machine.write(CONFIG, QUICK.replace("min_runs = 5", "min_runs = 6"))
    machine.ask("systemctl", "reload", UNIT)
    machine.until("the reload is told", lambda: len(entries(machine, "reloaded")) > told)
    machine.until(
        "the time of the reload is exported",
        lambda: sample(machine, "edged_config_last_reload_success_timestamp_seconds") > before_s,
    )
    assert sample(machine, "edged_config_last_reload_successful") == 1
    assert (main_pid(machine), machine.show(UNIT, "ActiveState")) == (pid, "active")


def test_what_takes_a_restart_is_told(machine: Machine) -> None:
    running(machine)
    machine.write(CONFIG, QUICK.replace("journal.db", "other.db") + '[exposition]\nlisten = "127.0.0.1:9"\n')
    machine.ask("systemctl", "reload", UNIT)
    machine.until("the status tells", lambda: "restart to have" in machine.show(UNIT, "StatusText"))
    assert entries(machine, "reloaded")[-1]["EDGED_NEEDS_RESTART"] == "journal.path"


def test_a_bad_configuration_is_refused_and_the_old_one_holds(machine: Machine) -> None:
    pid = running(machine)
    refused = len(entries(machine, "reload_refused"))
    machine.write(CONFIG, '[measure]\nseed = -1\nprotocol = "none"\n')
    machine.ask("systemctl", "reload", UNIT)
    machine.until("the refusal is told", lambda: len(entries(machine, "reload_refused")) > refused)
    message = entries(machine, "reload_refused")[-1]["MESSAGE"]
    assert "edged.toml:2: measure.seed is -1" in message
    assert "edged.toml:3: measure.protocol" in message
    machine.until(
        "the refusal is exported", lambda: sample(machine, "edged_config_last_reload_successful") == 0
    )
    assert (main_pid(machine), machine.show(UNIT, "ActiveState")) == (pid, "active")
    before = len(finished(machine))
    machine.until("it goes on measuring", lambda: len(finished(machine)) > before)


def test_users_hold_after_a_reload(machine: Machine) -> None:
    pid = running(machine)
    machine.write(CONFIG, QUICK + f"[exposition]\nusers = ['me:{hashed('a password')}']\n")
    machine.ask("systemctl", "reload", UNIT)
    machine.until("who has no password is refused", lambda: page(machine, "/metrics")[0] == 401)
    machine.write(CONFIG, QUICK)
    machine.ask("systemctl", "reload", UNIT)
    machine.until("everybody is answered again", lambda: page(machine, "/metrics")[0] == 200)
    assert main_pid(machine) == pid


def test_a_configuration_that_cannot_be_used_at_the_start_is_not_tried_again(machine: Machine) -> None:
    configure(machine, "[measure]\nseed = -1\n")
    assert machine.run("systemctl", "start", UNIT).code != 0
    assert machine.show(UNIT, "ActiveState") == "failed"
    assert machine.show(UNIT, "ExecMainStatus") == "2"
    assert machine.show(UNIT, "NRestarts") == "0"


def test_a_scrape_starts_it(machine: Machine) -> None:
    configure(machine)
    assert main_pid(machine) == 0
    status, text = page(machine, "/metrics")
    assert status == 200
    assert "edged_build_info" in text
    assert main_pid(machine) > 0


def test_no_scrape_is_lost_over_restarts(machine: Machine) -> None:
    pids = {started(machine)}
    with scraping(machine) as seen:
        for _ in range(2):
            machine.ask("systemctl", "restart", UNIT)
            pids.add(main_pid(machine))
            status, _ = page(machine, "/metrics")
            assert status == 200
    assert len(pids) == 3
    assert set(seen) == {"whole"}, seen
    assert seen["whole"] >= 4


def test_its_status_is_for_root_and_for_its_group(machine: Machine) -> None:
    running(machine)
    for name, group in (("member", "edged"), ("stranger", "nogroup")):
        if machine.run("id", name).code:
            machine.ask("useradd", f"--groups={group}", name)
    machine.until("it measures", lambda: "measuring" in machine.show(UNIT, "StatusText"))
    # systemd-nspawn shows this shell another boot id than the service sees: it must not matter.
    shown = [
        machine.run("cat", "/proc/sys/kernel/random/boot_id"),
        machine.run(
            "nsenter", f"--target={main_pid(machine)}", "--mount", "cat", "/proc/sys/kernel/random/boot_id"
        ),
    ]
    assert shown[0].out != shown[1].out
    assert "mobilenet_v1_" in machine.ask("edged", "status")
    assert "mobilenet_v1_" in machine.ask(*_as("member"), "edged", "status")
    refused = machine.run(*_as("stranger"), "edged", "status")
    assert refused.code != 0
    assert "Permission denied" in refused.out + refused.err
    assert "Traceback" not in refused.err


def _as(user: str) -> tuple[str, ...]:
    return ("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups")
