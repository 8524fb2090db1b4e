"""Which path of the API answers what: each answer is made from the newest snapshot, and from nothing else."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from edged.exposition.api.board import board_json
from edged.exposition.api.history import history_json
from edged.exposition.api.results import results_json
from edged.exposition.api.tradeoffs import tradeoffs_json
from edged.exposition.snapshot import Snapshot
from edged.exposition.status import status_of

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Answer = Callable[[Snapshot, Mapping[str, str]], Mapping[str, object]]


class _QueryError(ValueError):
    """A query that means nothing, in words for who asked."""


def api_routes(latest: Callable[[], Snapshot]) -> "dict[str, WSGIApplication]":
    """The paths under `/api/v1`.

    Args:
        latest: Gives the newest snapshot; must not wait for anything.
    """
    answers: dict[str, Answer] = {
        "board": lambda snapshot, _: board_json(snapshot),
        "history": lambda snapshot, query: history_json(snapshot, _after_s(query)),
        "results": lambda snapshot, _: results_json(snapshot),
        "status": lambda snapshot, _: status_of(snapshot),
        "tradeoffs": lambda snapshot, _: tradeoffs_json(snapshot),
    }
    return {f"/api/v1/{name}": _json_page(latest, answer) for name, answer in answers.items()}


def _after_s(query: Mapping[str, str]) -> float | None:
    if "after" not in query:
        return None
    try:
        after_s = float(query["after"])
    except ValueError:
        after_s = math.nan
    if not math.isfinite(after_s):
        raise _QueryError("after is not a number of seconds, as in ?after=1234.5")
    return after_s


def _json_page(latest: Callable[[], Snapshot], answer: Answer) -> "WSGIApplication":
    def page(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        given = parse_qs(environ.get("QUERY_STRING") or "", keep_blank_values=True)
        snapshot = latest()
        status = "200 OK"
        said: Mapping[str, object]
        try:
            said = {
                "snapshot": {"at_s": snapshot.at_ns / 1e9, "wall_s": snapshot.wall_s},
                **answer(snapshot, {name: values[-1] for name, values in given.items()}),
            }
        except _QueryError as error:
            status, said = "400 Bad Request", {"error": str(error)}
        body = json.dumps(said, allow_nan=False, separators=(",", ":")).encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(status, headers)
        return [body]

    return page
