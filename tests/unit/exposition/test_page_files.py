"""The page's files, as they are served."""

import io
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from edged.exposition.page.routes import page_routes
from edged.exposition.page.words import duration, figure
from tests.unit.exposition.facts import SNAPSHOT

ROUTES = page_routes(lambda: SNAPSHOT)


def ask(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = dict(headers)
    setup_testing_defaults(environ)
    answered: list[Any] = []

    def start(status: str, given: list[tuple[str, str]], exc_info: object = None) -> Any:
        answered.extend((status, dict(given), exc_info))
        return io.BytesIO().write

    body = b"".join(ROUTES[path](environ, start))
    return answered[0], answered[1], body


def test_the_page_may_load_nothing_from_elsewhere_and_is_not_stored() -> None:
    status, headers, body = ask("/")
    assert (status, headers["Cache-Control"]) == ("200 OK", "no-store")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert int(headers["Content-Length"]) == len(body)
    assert b"$" not in body
    assert b"style=" not in body


@pytest.mark.parametrize("path", sorted(set(ROUTES) - {"/"}))
def test_a_file_that_the_browser_has_is_not_sent_again(path: str) -> None:
    status, headers, body = ask(path)
    assert status == "200 OK"
    assert body
    assert b"://" not in body.replace(b"http://www.w3.org/2000/svg", b"")
    again, _, nothing = ask(path, HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (again, nothing) == ("304 Not Modified", b"")


def test_all_that_the_page_names_is_served() -> None:
    assert {"/page/page.js", "/page/page.css", "/page/icon.svg"} <= set(ROUTES)
    assert not [path for path in ROUTES if path.endswith((".py", ".html"))]


@pytest.mark.parametrize(
    ("value", "u95", "told"),
    [
        (0.02279, 0.000016, "22.790|± 0.016 ms"),
        (0.02279, None, "22.79|ms"),
        (-0.000001, 0.0002, "0.00|± 0.20 ms"),
        (1.1488, 0.021, "1149|± 21 ms"),
    ],
)
def test_a_figure_has_as_many_digits_as_its_uncertainty_allows(
    value: float, u95: float | None, told: str
) -> None:
    number, rest = told.split("|")
    expected = f'<span class="value">{number}</span><span class="u95">{rest}</span>'
    assert figure(value, u95, 1e-3, "ms") == expected


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-1, "0 s"), (89, "89 s"), (90, "2 min"), (5_400, "2 h"), (47 * 3600, "47 h"), (200_000, "2 days")],
)
def test_a_duration_is_told_in_its_own_unit(seconds: float, told: str) -> None:
    assert duration(seconds) == told
