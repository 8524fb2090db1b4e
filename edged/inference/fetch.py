"""Fetches published models: download, checksum, unpack, check; a model appears only when all is well."""

from collections.abc import Callable
from pathlib import Path

from edged.clock import Clock
from edged.errors import EdgedError
from edged.inference.archive import member_of
from edged.inference.download import Received, download
from edged.inference.file_check import check_file
from edged.inference.hosted_files import BASE_URL, HostedFile
from edged.inference.whole_file import write_whole
from edged.inference.zoo import fetched_path, file_facts


def fetch(
    hosted: HostedFile,
    directory: Path,
    clock: Clock,
    progress: Callable[[Received], None] = lambda _: None,
    base_url: str = BASE_URL,
) -> Path:
    """Fetch one model, unless it is there already.

    An interrupted download stays as a `.part` file, and the next try goes on from there.

    Args:
        hosted: The model.
        directory: Where models lie.
        clock: For the pauses between tries.
        progress: Called while the archive arrives.
        base_url: Where the archives are; another place must have the same ones.

    Returns:
        The model's file.

    Raises:
        EdgedError: If it cannot be had. Of an archive with a wrong checksum nothing is left.
    """
    path = fetched_path(directory, hosted.name)
    if path.exists():
        return path
    url = f"{base_url.rstrip('/')}/{hosted.archive}"
    part = path.with_name(f"{hosted.name}.tgz.part")
    download(url, part, clock, progress)
    try:
        found = file_facts(part).sha256
        if found != hosted.archive_sha256:
            what = f"has the checksum {found} where {hosted.archive_sha256} is expected"
            raise EdgedError(what, where=url, remedy="nothing of it was kept; try again later, or elsewhere")
        content = member_of(part, hosted.member)
        _write_checked(path, content)
    finally:
        part.unlink(missing_ok=True)
    return path


def _write_checked(path: Path, content: bytes) -> None:
    """Let the model appear under its name only after its content was checked."""
    unchecked = path.with_name(f"{path.name}.unchecked")
    write_whole(unchecked, content, "name another place with --directory")
    try:
        check_file(unchecked)
        unchecked.replace(path)
    finally:
        unchecked.unlink(missing_ok=True)
