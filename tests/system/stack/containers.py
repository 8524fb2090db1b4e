"""compose.yaml as data, and the files that a container of it sees."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Mount:
    """What a container sees in a place.

    Attributes:
        source: A file or directory beside compose.yaml, or the name of a volume.
        target: Where.
        options: Such as "ro".
    """

    source: str
    target: str
    options: str

    @property
    def is_volume(self) -> bool:
        """Whether it is a named volume."""
        return not self.source.startswith(".")


@dataclass(frozen=True, slots=True)
class Service:
    """A service of compose.yaml.

    Attributes:
        name: Its name.
        says: Everything it says.
    """

    name: str
    says: dict[str, Any]

    @property
    def mounts(self) -> list[Mount]:
        """What its container sees beside its image's own files."""
        parts = [(*line.split(":"), "")[:3] for line in self.says["volumes"]]
        return [Mount(*part) for part in parts]

    @property
    def flags(self) -> dict[str, str]:
        """The arguments of its command by name."""
        return dict(word.split("=", 1) for word in self.says.get("command", ()))

    def covers(self, path: str) -> bool:
        """Whether a path in the container is in something that is mounted."""
        return any(path == each.target or path.startswith(each.target + "/") for each in self.mounts)


def services(stack: Path) -> dict[str, Service]:
    """The services of compose.yaml by name."""
    document = yaml.safe_load((stack / "compose.yaml").read_text(encoding="utf-8"))
    return {name: Service(name, says) for name, says in document["services"].items()}


def seen_by(service: Service, stack: Path, root: Path) -> Path:
    """Lay out, below a root directory, the files that are mounted."""
    for mount in service.mounts:
        if mount.is_volume:
            continue
        source, target = stack / mount.source, root / mount.target.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    return root
