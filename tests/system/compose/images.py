"""Images that stand in for the official ones, made of what is installed here.

From the official Dockerfiles they have users, entry points, working directories, volumes and who owns what.
Their tools are busybox's, as in the official ones.
"""

import io
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tests.system.compose.engine import Engine

_HERE = Path(__file__).parent
_NOBODY = 65534
_GRAFANA = 472
_TEMPLATES = "usr/share/prometheus/alertmanager"
_PASSWD = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"
_GROUP = "root:x:0:\nnobody:x:65534:\n"


@dataclass(frozen=True, slots=True)
class Image:
    """An image to be made.

    Attributes:
        programs: Paths in it, and the command or the file that is put there.
        owned: Its directories that belong to its user.
        user: Number of its user.
        group: Number of its user's group.
        settings: Lines of a Dockerfile.
    """

    programs: dict[str, str]
    owned: tuple[str, ...]
    user: int
    group: int
    settings: tuple[str, ...]


_IMAGES = {
    "prom/prometheus": Image(
        programs={"bin/prometheus": "prometheus", "bin/promtool": "promtool"},
        owned=("etc/prometheus", "prometheus"),
        user=_NOBODY,
        group=_NOBODY,
        settings=(
            "USER nobody",
            "EXPOSE 9090",
            "VOLUME /prometheus",
            "WORKDIR /prometheus",
            'ENTRYPOINT ["/bin/prometheus"]',
        ),
    ),
    "prom/alertmanager": Image(
        programs={
            "bin/alertmanager": "prometheus-alertmanager",
            "bin/amtool": "amtool",
            # Inside the official program; Debian's has them beside it.
            **{f"{_TEMPLATES}/{name}": f"/{_TEMPLATES}/{name}" for name in ("default.tmpl", "email.tmpl")},
        },
        owned=("etc/alertmanager", "alertmanager"),
        user=_NOBODY,
        group=_NOBODY,
        settings=(
            "USER nobody",
            "EXPOSE 9093",
            "VOLUME /alertmanager",
            "WORKDIR /alertmanager",
            'ENTRYPOINT ["/bin/alertmanager"]',
        ),
    ),
    "grafana/grafana": Image(
        programs={"run.sh": str(_HERE / "grafana.sh")},
        owned=(
            "var/lib/grafana",
            "etc/grafana/provisioning/dashboards",
            "etc/grafana/provisioning/datasources",
        ),
        user=_GRAFANA,
        group=0,
        settings=(
            "ENV GF_PATHS_DATA=/var/lib/grafana",
            "ENV GF_PATHS_PROVISIONING=/etc/grafana/provisioning",
            "USER 472",
            "EXPOSE 3000",
            "WORKDIR /usr/share/grafana",
            'ENTRYPOINT ["/run.sh"]',
        ),
    ),
}


def make(engine: Engine, names: list[str]) -> None:
    """Make images of these names, with their tags."""
    for name in names:
        image = _IMAGES[name.partition(":")[0]]
        file = engine.directory / "image.tar"
        with tarfile.open(file, "w") as tar:
            _fill(tar, image)
        changes = [word for line in image.settings for word in ("--change", line)]
        done = engine.docker("import", *changes, str(file), name)
        assert done.returncode == 0, done.stderr
        file.unlink()


def _fill(tar: tarfile.TarFile, image: Image) -> None:
    libraries: set[str] = set()
    for place, source in image.programs.items():
        program = source if source.startswith("/") else shutil.which(source)
        assert program, f"there is no {source}"
        _add(tar, place, Path(program).read_bytes(), 0o755)
        libraries |= _libraries(program)
    for library in sorted(libraries):
        _add(tar, library.lstrip("/"), Path(library).read_bytes(), 0o755)
    busybox = shutil.which("busybox")
    assert busybox
    _add(tar, "bin/busybox", Path(busybox).read_bytes(), 0o755)
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for applet in set(applets) - {"busybox"}:
        link = tarfile.TarInfo(f"bin/{applet}")
        link.type, link.linkname = tarfile.SYMTYPE, "busybox"
        tar.addfile(link)
    _add(tar, "etc/passwd", _PASSWD.encode(), 0o644)
    _add(tar, "etc/group", _GROUP.encode(), 0o644)
    _directory(tar, "tmp", 0o1777, (0, 0))
    for place in image.owned:
        _directory(tar, place, 0o755, (image.user, image.group))


def _libraries(program: str) -> set[str]:
    # A script or a static program has none, and ldd says so in its own way.
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    return set(re.findall(r"(/\S+) \(0x", done.stdout))


def _add(tar: tarfile.TarFile, place: str, content: bytes, mode: int) -> None:
    info = tarfile.TarInfo(place)
    info.size, info.mode = len(content), mode
    tar.addfile(info, io.BytesIO(content))


def _directory(tar: tarfile.TarFile, place: str, mode: int, owner: tuple[int, int]) -> None:
    info = tarfile.TarInfo(place)
    info.type, info.mode, (info.uid, info.gid) = tarfile.DIRTYPE, mode, owner
    tar.addfile(info)
