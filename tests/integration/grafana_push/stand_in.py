"""Plays Grafana: folders, data sources, dashboards and health, kept in memory.

Every request and every answer is held against the published description of Grafana's API where that is at
hand, so that neither the client nor this stand-in can drift from it.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug import Request, Response
from werkzeug.serving import make_server

TOKEN = "glsa_token"


@dataclass(slots=True)
class Grafana:
    """The state of the stand-in.

    Attributes:
        contract: The description of the API; None where it is absent.
        version: What it says of itself; "" for a server that hides it.
        refuse: Status to answer every write with, and what to say; None to take it.
        folders: Titles by uid.
        data_sources: By uid.
        dashboards: By uid.
        dashboard_folders: Uid of the folder by uid of the dashboard.
        provisioned: Uids of dashboards from files.
        writes: What was written, method and path.
        violations: Where a request or an answer was not as described.
    """

    contract: OpenAPI | None
    version: str = "12.4.0"
    refuse: tuple[int, str] | None = None
    folders: dict[str, str] = field(default_factory=dict)
    data_sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    dashboards: dict[str, dict[str, Any]] = field(default_factory=dict)
    dashboard_folders: dict[str, str] = field(default_factory=dict)
    provisioned: set[str] = field(default_factory=set)
    writes: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    address: str = ""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer a request, as WSGI has it."""
        request = Request(environ)
        status, body = self._answer(request)
        response = Response(json.dumps(body), status=status, content_type="application/json")
        if self.contract:
            described = WerkzeugOpenAPIRequest(request)
            for check in (
                lambda contract: contract.validate_request(described),
                lambda contract: contract.validate_response(described, WerkzeugOpenAPIResponse(response)),
            ):
                try:
                    check(self.contract)  # type: ignore[no-untyped-call]
                except OpenAPIError as error:
                    self.violations.append(
                        f"{request.method} {request.path} {status}: {error!r} {error.__cause__!r}"
                    )
        return response(environ, start_response)

    def _answer(self, request: Request) -> tuple[int, Any]:
        path = request.path.removeprefix("/api")
        if path == "/health":
            known = {"version": self.version, "commit": "0123abc"} if self.version else {}
            return 200, {"database": "ok", **known}
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid API key"}
        if request.method == "GET":
            return self._read(path)
        self.writes.append(f"{request.method} {path}")
        if self.refuse:
            return self.refuse[0], {"message": self.refuse[1]}
        return self._write(path, request.get_json())

    def _read(self, path: str) -> tuple[int, Any]:
        kind, _, uid = path.rpartition("/")
        if kind == "/folders" and uid in self.folders:
            return 200, {"id": 1, "uid": uid, "title": self.folders[uid]}
        if kind == "/datasources/uid" and uid in self.data_sources:
            return 200, self.data_sources[uid]
        if kind == "/dashboards/uid" and uid in self.dashboards:
            meta = {"folderUid": self.dashboard_folders[uid], "provisioned": uid in self.provisioned}
            return 200, {"dashboard": self.dashboards[uid], "meta": meta}
        return 404, {"message": "not found"}

    def _write(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if path == "/folders":
            self.folders[body["uid"]] = body["title"]
            return 200, {"id": 1, "uid": body["uid"], "title": body["title"]}
        if path == "/datasources" or path.startswith("/datasources/uid/"):
            source = {**body, "id": 1, "orgId": 1, "version": 1, "readOnly": False}
            self.data_sources[body["uid"]] = source
            known = {"id": 1, "name": body["name"], "message": "Datasource added", "datasource": source}
            return 200, known
        if path == "/dashboards/db":
            dashboard = body["dashboard"]
            uid = dashboard["uid"]
            if uid in self.provisioned:
                return 400, {"message": "Cannot save provisioned dashboard"}
            version = self.dashboards.get(uid, {}).get("version", 0) + 1
            self.dashboards[uid] = {**dashboard, "id": len(self.dashboards) + 1, "version": version}
            self.dashboard_folders[uid] = body.get("folderUid", "")
            answer = {"id": 1, "uid": uid, "url": f"/d/{uid}", "status": "success", "version": version}
            return 200, {**answer, "slug": uid, "title": dashboard["title"]}
        return 404, {"message": "not found"}


@contextmanager
def serving(grafana: Grafana) -> Iterator[Grafana]:
    """Serve it on loopback."""
    server = make_server("127.0.0.1", 0, grafana, threaded=True)
    grafana.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield grafana
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
