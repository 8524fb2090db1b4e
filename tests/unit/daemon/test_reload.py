"""Reading the configuration again: all of it, or nothing."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from edged.config.daemon_section import DaemonSection
from edged.config.sections import Config, ExpositionSection, JournalSection, MeasureSection
from edged.daemon.notify import Notifier
from edged.daemon.reload import Reloader, changed_at_start
from edged.errors import UsageError
from edged.exposition.reload_state import ReloadState
from tests.unit.daemon.clock import HandClock

OLD = Config()
NEW = replace(OLD, measure=MeasureSection(seed=7))
ELSEWHERE = replace(
    NEW,
    exposition=ExpositionSection(listen="127.0.0.1:9"),
    journal=JournalSection(path=Path("/x/y.db")),
    daemon=DaemonSection(status_file=Path("/x/status.json")),
)
REFUSAL = UsageError("is -1", where="measure.seed", remedy="choose 0 or more")


@dataclass
class Reloading:
    """A reloader, the file that it reads, and what came of it."""

    on_disk: Config | UsageError = NEW
    refuses: bool = False
    without_effect: tuple[str, ...] = ()
    clock: HandClock = field(default_factory=HandClock)
    sent: list[str] = field(default_factory=list)
    applied: list[Config] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reloader = Reloader(
            OLD,
            read=self._read,
            apply=self._apply,
            path="/etc/edged/edged.toml",
            notifier=Notifier(self.sent.append, self.clock),
            clock=self.clock,
            without_effect=self.without_effect,
        )

    def _read(self) -> Config:
        if isinstance(self.on_disk, UsageError):
            raise self.on_disk
        return self.on_disk

    def _apply(self, config: Config) -> None:
        if self.refuses:
            raise UsageError("there is no CPU cluster huge")
        self.applied.append(config)

    def reload(self) -> None:
        self.clock.at_s += 60
        self.reloader.ask()
        self.reloader.step()


def _fields(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    (record,) = caplog.records
    return vars(record)


@pytest.fixture(autouse=True)
def _told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "edged")


def test_nothing_is_read_while_nobody_asks() -> None:
    reloading = Reloading()
    for _ in range(5):
        reloading.reloader.step()
    assert (reloading.applied, reloading.sent) == ([], [])
    assert reloading.reloader.state == ReloadState(True, reloading.clock.wall_s())


def test_a_good_file_holds_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    reloading = Reloading()
    reloading.reload()
    assert reloading.applied == [NEW]
    assert reloading.reloader.state == ReloadState(True, reloading.clock.wall_s())
    assert (reloading.reloader.state.needs_restart, reloading.reloader.state.note) == ((), "")
    fields = _fields(caplog)
    assert (fields["EDGED_EVENT"], fields["EDGED_CONFIG"]) == ("reloaded", "/etc/edged/edged.toml")
    assert fields["EDGED_NEEDS_RESTART"] == ""


def test_it_is_read_once_for_each_time_that_it_is_asked_for() -> None:
    reloading = Reloading()
    reloading.reload()
    reloading.reloader.step()
    reloading.reload()
    assert len(reloading.applied) == 2


def test_a_bad_file_is_refused_and_the_old_one_holds(caplog: pytest.LogCaptureFixture) -> None:
    reloading = Reloading(on_disk=REFUSAL)
    before_s = reloading.clock.wall_s()
    reloading.reload()
    assert reloading.applied == []
    assert reloading.reloader.state == ReloadState(False, before_s)
    assert "refused" in reloading.reloader.state.note
    assert _fields(caplog)["EDGED_EVENT"] == "reload_refused"
    assert "measure.seed: is -1; choose 0 or more" in caplog.text


def test_a_file_that_this_board_cannot_do_is_refused_as_well(caplog: pytest.LogCaptureFixture) -> None:
    reloading = Reloading(refuses=True)
    reloading.reload()
    assert not reloading.reloader.state.successful
    assert "there is no CPU cluster huge" in caplog.text


def test_a_good_file_after_a_bad_one_is_taken() -> None:
    reloading = Reloading(on_disk=REFUSAL)
    reloading.reload()
    reloading.on_disk = NEW
    reloading.reload()
    assert reloading.applied == [NEW]
    assert reloading.reloader.state.successful
    assert reloading.reloader.state.note == ""


def test_what_takes_a_restart_is_told_until_it_is_taken_back(caplog: pytest.LogCaptureFixture) -> None:
    reloading = Reloading(on_disk=ELSEWHERE)
    reloading.reload()
    assert reloading.applied == [ELSEWHERE]
    assert reloading.reloader.state.note == (
        "restart to have exposition.listen, journal.path, daemon.status_file hold"
    )
    assert _fields(caplog)["EDGED_NEEDS_RESTART"] == "exposition.listen journal.path daemon.status_file"
    reloading.on_disk = NEW
    reloading.reload()
    assert reloading.reloader.state.note == ""


def test_what_no_restart_brings_is_not_promised_after_one(caplog: pytest.LogCaptureFixture) -> None:
    reloading = Reloading(on_disk=ELSEWHERE, without_effect=("exposition.listen",))
    reloading.reload()
    assert reloading.reloader.state.note == "restart to have journal.path, daemon.status_file hold"
    assert _fields(caplog)["EDGED_NEEDS_RESTART"] == "journal.path daemon.status_file"
    assert "exposition.listen" not in caplog.text


@pytest.mark.parametrize("on_disk", [NEW, REFUSAL], ids=["good", "bad"])
def test_systemd_hears_of_the_beginning_and_of_the_end(on_disk: Config | UsageError) -> None:
    reloading = Reloading(on_disk=on_disk)
    reloading.reload()
    assert [message.splitlines()[0] for message in reloading.sent] == ["RELOADING=1", "READY=1"]


def test_users_hold_without_a_restart() -> None:
    other = replace(OLD, exposition=ExpositionSection(users=("me:hash",)))
    assert changed_at_start(OLD, other) == []
