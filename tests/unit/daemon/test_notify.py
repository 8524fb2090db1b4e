"""What systemd is told, and what it gives at the start."""

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.daemon.activation import activated_descriptors, activated_socket, turned_away_when_useless
from edged.daemon.log import goes_to_journal
from edged.daemon.notify import Notifier, sender, watchdog_period_s
from edged.errors import EdgedError, UsageError
from tests.unit.daemon.clock import HandClock


def test_without_systemd_nothing_is_sent_and_nothing_is_needed() -> None:
    notifier = Notifier(sender({}), HandClock())
    notifier.ready()
    notifier.status("measuring")
    assert activated_descriptors({}) == ()
    assert activated_socket(()) is None


def test_a_systemd_that_listens_in_vain_is_told_to_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(EdgedError, match="not installed"):
        sender({"NOTIFY_SOCKET": "/run/systemd/notify"})
    with pytest.raises(EdgedError, match="not installed"):
        activated_descriptors({"LISTEN_FDS": "1", "LISTEN_PID": "1"})


def test_a_status_is_one_line_and_is_sent_when_it_changes() -> None:
    sent: list[str] = []
    notifier = Notifier(sent.append, HandClock())
    for text in ("measuring\na", "measuring a", "next b", "x" * 1000):
        notifier.status(text)
    assert sent[:2] == ["STATUS=measuring a", "STATUS=next b"]
    assert len(sent) == 3
    assert len(sent[2]) <= 220


def test_a_reload_is_told_with_its_time_as_systemd_wants_it() -> None:
    sent: list[str] = []
    Notifier(sent.append, HandClock(at_s=12.5)).reloading()
    assert sent == ["RELOADING=1\nMONOTONIC_USEC=12500000"]


@pytest.mark.parametrize(
    ("environment", "period_s"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "45000000"}, 45.0),
        ({"WATCHDOG_USEC": "45000000", "WATCHDOG_PID": "7"}, 45.0),
        ({"WATCHDOG_USEC": "45000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_waits_for_this_process_only(
    environment: dict[str, str], period_s: float | None
) -> None:
    assert watchdog_period_s(environment, 7) == period_s


@given(st.text())
def test_any_watchdog_period_is_a_time_or_none(text: str) -> None:
    period_s = watchdog_period_s({"WATCHDOG_USEC": text}, 7)
    assert period_s is None or period_s > 0


def test_a_passed_socket_is_served_on_and_more_than_one_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        given = activated_socket([os.dup(ours.fileno())])
        assert given is not None
        with given:
            assert given.getsockname() == ours.getsockname()
    with pytest.raises(EdgedError, match="2 sockets"):
        activated_socket([3, 4])


def test_what_is_no_socket_is_refused() -> None:
    reading, writing = os.pipe()
    try:
        with pytest.raises(EdgedError, match="no socket"):
            activated_socket([reading])
    finally:
        os.close(reading)
        os.close(writing)


def test_the_journal_is_logged_to_only_where_standard_error_is_its_stream() -> None:
    reading, writing = os.pipe()
    try:
        status = os.fstat(writing)
        stream = f"{status.st_dev}:{status.st_ino}"
        assert goes_to_journal({"JOURNAL_STREAM": stream}, writing)
        assert not goes_to_journal({"JOURNAL_STREAM": "1:2"}, writing)
        assert not goes_to_journal({}, writing)
    finally:
        os.close(reading)
        os.close(writing)
    assert not goes_to_journal({"JOURNAL_STREAM": stream}, writing)


@pytest.mark.parametrize("failure", [UsageError, EdgedError])
def test_only_an_unusable_configuration_turns_away_who_waits(failure: type[EdgedError]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with socket.create_connection(listening.getsockname(), timeout=10) as client:
            with pytest.raises(failure), turned_away_when_useless(listening):
                raise failure("no")
            listening.settimeout(0)
            if failure is UsageError:
                assert client.recv(1) == b""
            else:
                listening.accept()[0].close()
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_an_unusable_configuration_without_a_socket_is_told_all_the_same() -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    closed.close()
    for listening in (None, closed):
        with pytest.raises(UsageError, match="no"), turned_away_when_useless(listening):
            raise UsageError("no")
