"""Somebody who receives what Alertmanager sends: `python -m tests.system.compose.receiver ADDRESS PORT FILE`.

Each line of the file is one alert: receiver, name, state and instance.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


def main() -> None:
    """Serve until killed."""
    file = Path(sys.argv[3])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with file.open("a") as lines:
                for alert in body["alerts"]:
                    labels = alert["labels"]
                    words = (self.path.strip("/"), labels["alertname"], alert["status"], labels["instance"])
                    lines.write(" ".join(words) + "\n")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    HTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()


if __name__ == "__main__":
    main()
