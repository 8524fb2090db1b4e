"""Writes the dashboards to their files.

    python -m edged.grafana [DIRECTORY]

The directory is `dashboards` if none is given.
"""

import sys
from pathlib import Path

from edged.grafana.dashboards import files

if __name__ == "__main__":
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else "dashboards")
    directory.mkdir(exist_ok=True)
    for name, text in files():
        (directory / name).write_text(text, encoding="utf-8")
