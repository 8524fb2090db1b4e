"""Who is let in by name and password, and that trying costs the board little."""

import base64
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.exposition import basic_auth
from edged.exposition.basic_auth import BasicAuth
from edged.exposition.password import fits, hashed, is_hash
from edged.simulation.clock import VirtualClock

HASH = hashed("secret: é")


class Door:
    """The application behind a door, and how many passwords were hashed for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = VirtualClock()
        self.auth = BasicAuth(self._inside, {"me": HASH}, self.clock)
        self.hashed = 0

        def counted(word: str, hash_: str) -> bool:
            self.hashed += 1
            return fits(word, hash_)

        monkeypatch.setattr(basic_auth, "fits", counted)

    def ask(
        self, credentials: str | None, client: str = "10.0.0.1", method: str = "GET"
    ) -> tuple[int, bytes]:
        environ = {"REMOTE_ADDR": client, "REQUEST_METHOD": method}
        if credentials is not None:
            environ["HTTP_AUTHORIZATION"] = f"Basic {base64.b64encode(credentials.encode()).decode()}"
        return self.say(environ)

    def say(self, environ: dict[str, str]) -> tuple[int, bytes]:
        statuses: list[str] = []

        def start_response(status: str, _headers: list[tuple[str, str]], _error: Any = None) -> Any:
            statuses.append(status)

        body = b"".join(self.auth({"REQUEST_METHOD": "GET", **environ}, start_response))
        return int(statuses[0][:3]), body

    @staticmethod
    def _inside(_environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"metrics"]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    return Door(monkeypatch)


def test_only_the_right_name_and_password_are_let_in(door: Door) -> None:
    for credentials in (None, "me", "me:", "me:secret", "you:secret: é", ":secret: é", "ME:secret: é"):
        door.clock.sleep(1)
        assert door.ask(credentials)[0] == 401
    door.clock.sleep(1)
    assert door.ask("me:secret: é") == (200, b"metrics")


@given(st.text(st.characters(codec="latin-1")))
def test_no_other_header_lets_anybody_in(header: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert Door(monkeypatch).say({"REMOTE_ADDR": "", "HTTP_AUTHORIZATION": header})[0] == 401


def test_a_password_that_was_right_is_not_hashed_again(door: Door) -> None:
    assert [door.ask("me:secret: é")[0] for _ in range(100)] == [200] * 100
    assert door.hashed == 1


def test_who_was_wrong_waits_a_second_and_nobody_else_does(door: Door) -> None:
    assert door.ask("me:wrong")[0] == 401
    assert [door.ask("me:wrong")[0] for _ in range(100)] == [429] * 100
    assert door.hashed == 1
    assert door.ask("me:secret: é", client="10.0.0.2")[0] == 200
    # Who is known is let in wherever the wrong ones come from.
    assert door.ask("me:secret: é")[0] == 200
    door.clock.sleep(1)
    assert door.ask("me:wrong")[0] == 401


def test_an_unknown_name_costs_as_much_as_a_wrong_password(door: Door) -> None:
    door.ask("you:wrong")
    assert door.hashed == 1


def test_the_wrong_ones_that_are_remembered_are_not_more_than_some(door: Door) -> None:
    for number in range(300):
        door.auth._note_failure(f"10.0.{number // 256}.{number % 256}")
    assert len(door.auth._failed_ns) == 256


def test_when_two_are_being_looked_at_the_third_is_sent_away_at_once(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    begun = threading.Semaphore(0)
    real = door.auth._places.acquire

    def acquire(blocking: bool = True) -> bool:
        taken = real(blocking=blocking)
        begun.release()
        return taken

    monkeypatch.setattr(door.auth._places, "acquire", acquire)
    monkeypatch.setattr(basic_auth, "fits", lambda *_: go.wait(60))
    threads = [threading.Thread(target=door.ask, args=("me:wrong", str(client))) for client in range(2)]
    for thread in threads:
        thread.start()
        assert begun.acquire(timeout=60)
    assert door.ask("me:wrong", client="third")[0] == 429
    go.set()
    for thread in threads:
        thread.join()


def test_a_refusal_of_head_has_no_body(door: Door) -> None:
    assert door.ask(None, method="HEAD") == (401, b"")


def test_a_hash_fits_its_password_alone_and_each_has_a_salt_of_its_own() -> None:
    assert fits("secret: é", HASH)
    assert not fits("secret: e", HASH)
    assert hashed("secret: é") != HASH


@given(st.text())
def test_no_other_text_is_a_hash_or_fits(text: str) -> None:
    assert not is_hash(text)
    assert not fits("", text)


def test_a_hash_that_would_take_more_memory_than_a_board_has_is_none() -> None:
    assert is_hash(HASH.replace("ln=14", "ln=15"))
    for cost in ("ln=9", "ln=16", "ln=30"):
        assert not is_hash(HASH.replace("ln=14", cost))


def test_other_users_hold_from_the_next_request_on(door: Door) -> None:
    assert door.ask("me:secret: é")[0] == 200
    door.auth.users = {"me": hashed("another"), "you": HASH}
    assert door.ask("me:secret: é")[0] == 401
    door.clock.run_until(2_000_000_000)
    assert door.ask("me:another")[0] == 200
    assert door.ask("you:secret: é")[0] == 200


def test_without_users_everybody_is_answered(door: Door) -> None:
    door.auth.users = {}
    assert door.ask(None)[0] == 200
    door.auth.users = {"me": HASH}
    assert door.ask(None)[0] == 401
