"""A Grafana server, as far as edged needs it: through the request methods of `grafana-api`.

The calls that the package has by name are of 2020 and speak of numeric ids; a path below `/api` is all
that is needed. All paths are here. What goes wrong is told in words, with what to do.
"""

from typing import Any, Protocol
from urllib.parse import urlsplit

from edged.errors import EdgedError, UsageError

_TIMEOUT_S = 15.0
_WORDS = {
    401: ("does not know this token", "make a new token of a service account in Grafana, and give its file"),
    403: (
        "does not allow this token to do that",
        "give the service account the role Editor, for data sources Admin",
    ),
    404: ("has not got what was asked for", "is the address that of Grafana, with its path if it has one?"),
    409: ("has something of that name already", "rename or delete it in Grafana"),
    412: ("has another version, or another dashboard of that name", "look at it in Grafana, then push again"),
}


class RefusedError(EdgedError):
    """The server answered with an error.

    Args:
        status: HTTP status.
        what: What is wrong.
        where: Which address.
        remedy: What to do.
        by_grafana: Whether Grafana itself said so, not something else that answers there.
    """

    def __init__(self, status: int, what: str, where: str, remedy: str, *, by_grafana: bool) -> None:
        """Keep the status for who can do without."""
        super().__init__(what, where=where, remedy=remedy)
        self.status = status
        self.by_grafana = by_grafana


class _Requests(Protocol):
    """What `grafana_api.grafana_api.GrafanaAPI` is."""

    def GET(self, path: str) -> Any: ...  # noqa: N802, ANN401
    def POST(self, path: str, json: object) -> Any: ...  # noqa: N802, ANN401
    def PUT(self, path: str, json: object) -> Any: ...  # noqa: N802, ANN401


class Server:
    """A Grafana server.

    Args:
        address: `http://host:port`, with a path where Grafana has one.
        token: Token of a service account; "" for what needs none.

    Raises:
        UsageError: If that is no such address.
        EdgedError: If the package that speaks to it is not installed.
    """

    def __init__(self, address: str, token: str = "") -> None:
        """Nothing is sent yet."""
        self.address = address.rstrip("/")
        self._requests = _requests(self.address, token)

    def version(self) -> str:
        """Version of the server; "" if it hides it.

        Raises:
            EdgedError: If it does not answer.
        """
        return str(self._call("GET", "/health").get("version", ""))

    def folder(self, uid: str) -> dict[str, Any] | None:
        """The folder, if it is there."""
        return self._found(f"/folders/{uid}")

    def create_folder(self, uid: str, title: str) -> None:
        """Make a folder; one that somebody else has made meanwhile is as good."""
        try:
            self._call("POST", "/folders", {"uid": uid, "title": title})
        except RefusedError as error:
            if error.status not in {409, 412} or self.folder(uid) is None:
                raise

    def data_source(self, uid: str) -> dict[str, Any] | None:
        """The data source, if it is there."""
        return self._found(f"/datasources/uid/{uid}")

    def create_data_source(self, data_source: dict[str, Any]) -> None:
        """Make a data source."""
        self._call("POST", "/datasources", data_source)

    def change_data_source(self, data_source: dict[str, Any]) -> None:
        """Change a data source that is there."""
        self._call("PUT", f"/datasources/uid/{data_source['uid']}", data_source)

    def dashboard(self, uid: str) -> dict[str, Any] | None:
        """The dashboard and what is known of it (`dashboard`, `meta`), if it is there."""
        return self._found(f"/dashboards/uid/{uid}")

    def save_dashboard(self, dashboard: dict[str, Any], folder_uid: str, message: str) -> None:
        """Make or change a dashboard."""
        command = {
            "dashboard": {**dashboard, "id": None},
            "folderUid": folder_uid,
            "overwrite": True,
            "message": message,
        }
        self._call("POST", "/dashboards/db", command)

    def _found(self, path: str) -> dict[str, Any] | None:
        try:
            return self._call("GET", path)
        except RefusedError as error:
            if error.status == 404 and error.by_grafana:
                return None
            raise

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        import requests  # noqa: PLC0415 - it comes with grafana-api
        from grafana_api.grafana_api import GrafanaException  # noqa: PLC0415

        call = getattr(self._requests, method)
        try:
            answer = call(path) if method == "GET" else call(path, json=body)
        except GrafanaException as error:
            raise self._refused(error.status_code, error.response, path) from error
        except requests.exceptions.SSLError as error:
            raise EdgedError(
                "its certificate is not trusted",
                where=self.address,
                remedy="set REQUESTS_CA_BUNDLE to its CA's file",
            ) from error
        except requests.exceptions.Timeout as error:
            what = f"no answer within {_TIMEOUT_S:g} s"
            raise EdgedError(
                what, where=self.address, remedy="is the server busy, or behind a firewall?"
            ) from error
        except requests.exceptions.JSONDecodeError as error:
            remedy = "give the address of Grafana itself, with its path if it has one"
            raise EdgedError(
                "what answers there is not Grafana", where=self.address, remedy=remedy
            ) from error
        except requests.exceptions.RequestException as error:
            remedy = "is Grafana running there, and is the address right?"
            raise EdgedError("nobody answers", where=self.address, remedy=remedy) from error
        if not isinstance(answer, dict):
            raise EdgedError("what answers there is not Grafana", where=self.address)
        return answer

    def _refused(self, status: int, response: object, path: str) -> RefusedError:
        said = str(response.get("message", "")) if isinstance(response, dict) else ""
        if "provisioned" in said:
            what, remedy = (
                "keeps this in files of its own (it is provisioned), so it cannot be pushed",
                "change those files, or take them out of Grafana's provisioning directory",
            )
        elif status in _WORDS:
            what, remedy = _WORDS[status]
        elif status >= 500:
            what, remedy = "has failed itself", "its log says why"
        else:
            what, remedy = "does not take this", "is it Grafana 11 or newer? 'edged grafana check' says so"
        detail = f'status {status}, "{said}"' if said else f"status {status}"
        words = f"Grafana {what} ({detail})"
        return RefusedError(status, words, f"{self.address}/api{path}", remedy, by_grafana=bool(said))


def _requests(address: str, token: str) -> _Requests:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise UsageError(
            f"{address!r} is not the address of a server",
            remedy="write http://HOST:3000 or https://HOST/PATH; the token goes into a file",
        )
    try:
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{address!r} has no valid port", remedy="write http://HOST:3000") from error
    try:
        from grafana_api.grafana_api import GrafanaAPI  # noqa: PLC0415 - an extra
    except ImportError as error:
        remedy = "pip install 'edged[grafana]'"
        raise EdgedError("grafana-api is not installed", remedy=remedy) from error
    path = parts.path.strip("/")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    requests: _Requests = GrafanaAPI(
        token, host, port, f"{path}/" if path else "", parts.scheme, timeout=_TIMEOUT_S
    )
    return requests
