"""A scraped server that numbers the scrapes: `python -m tests.system.nat.counting PORT FILE`.

Each answer is one sample, the number of the scrape; each line of the file is the wall time of one in seconds.
"""

import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


def main() -> None:
    """Serve until killed."""
    file = Path(sys.argv[2])
    count = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal count
            count += 1
            with file.open("a") as lines:
                lines.write(f"{time.time():.6f}\n")
            body = f"# TYPE scrapes_total counter\nscrapes_total {count}\n".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()


if __name__ == "__main__":
    main()
