"""Which edged runs, on which Python, with which inference engine."""

import importlib.metadata
import json
import platform
from dataclasses import dataclass

from edged import __version__


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """What runs.

    Attributes:
        version: Of edged.
        revision: Commit that edged was installed from; "" where that is not recorded.
        python: Version of Python.
        engine: Package that runs the models; "" if none is installed.
        engine_version: Its version; "" if none is installed.
    """

    version: str
    revision: str
    python: str
    engine: str
    engine_version: str


def build_facts(engine: str) -> BuildFacts:
    """What runs here.

    Args:
        engine: Package that runs the models, such as "tflite-runtime"; "" for none.
    """
    try:
        engine_version = importlib.metadata.version(engine) if engine else ""
    except importlib.metadata.PackageNotFoundError:
        engine, engine_version = "", ""
    return BuildFacts(__version__, _revision(), platform.python_version(), engine, engine_version)


def _revision() -> str:
    """The commit that pip recorded when it installed from a repository (PEP 610)."""
    try:
        record = importlib.metadata.distribution("edged").read_text("direct_url.json")
        return str(json.loads(record or "{}")["vcs_info"]["commit_id"])
    except (importlib.metadata.PackageNotFoundError, ValueError, KeyError, TypeError):
        return ""
