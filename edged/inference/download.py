"""Downloads a file over HTTP into a `.part` file, and goes on where an earlier try stopped.

Nothing but the given address is ever asked: redirections are refused.
"""

import fcntl
import http.client
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import IO, Any

from edged import __version__
from edged.clock import Clock
from edged.errors import EdgedError, UsageError

MAX_DOWNLOAD_BYTES = 256 << 20  # the largest archive is some 80 MB
TRIES = 4
_PAUSE_S = 1.0
_CHUNK_BYTES = 1 << 16
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII)
_PARTIAL_CONTENT = 206
_RANGE_NOT_SATISFIABLE = 416


@dataclass(frozen=True, slots=True)
class Received:
    """How far a download is.

    Attributes:
        received_bytes: What is there, earlier tries included.
        total_bytes: What will be there in the end; None where the server does not tell.
    """

    received_bytes: int
    total_bytes: int | None


class _CutShortError(Exception):
    """The connection failed; what has arrived is kept, and another try goes on from there."""


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], code: int, *_: Any) -> None:  # noqa: ANN401, ARG002
        """Follow nobody: the answer stays an error with its status."""
        return


def download(
    url: str,
    part: Path,
    clock: Clock,
    progress: Callable[[Received], None] = lambda _: None,
    timeout_s: float = 30.0,
) -> None:
    """Download `url` into the file `part`, which may hold the beginning already.

    Args:
        url: An http or https address.
        part: Where the content goes. It is kept when the connection fails, for the next try.
        clock: For the pauses between tries.
        progress: Called after every block.
        timeout_s: Longest silence of the server, in seconds.

    Raises:
        EdgedError: If the server cannot be reached, refuses, or sends too much.
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError("is not an http or https address", where=url)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise EdgedError(f"cannot be written: {error.strerror}", where=str(part)) from error
    with open(descriptor, "r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EdgedError("is being downloaded by another process", where=str(part)) from error
        file.seek(0, os.SEEK_END)
        try:
            _persist(url, file, clock, progress, timeout_s)
        except EdgedError:
            if file.tell() == 0:
                part.unlink(missing_ok=True)
            raise


def _persist(
    url: str, file: FileIO, clock: Clock, progress: Callable[[Received], None], timeout_s: float
) -> None:
    reason = ""
    for attempt in range(TRIES):
        if attempt:
            clock.sleep(_PAUSE_S)
        try:
            _go_on(url, file, progress, timeout_s)
        except _CutShortError as error:
            reason = str(error)
        else:
            return
    remedy = f"try again: it goes on after the {file.tell()} bytes that are here" if file.tell() else ""
    raise EdgedError(f"cannot be downloaded: {reason}", where=url, remedy=remedy)


def _go_on(url: str, file: FileIO, progress: Callable[[Received], None], timeout_s: float) -> None:
    headers = {"User-Agent": f"edged/{__version__}", "Accept-Encoding": "identity"}
    if file.tell():
        headers["Range"] = f"bytes={file.tell()}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme is checked
    opener = urllib.request.build_opener(_NoRedirection)
    try:
        with opener.open(request, timeout=timeout_s) as response:
            _receive(url, response, file, progress)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == _RANGE_NOT_SATISFIABLE and file.tell():
            _empty(file)
            raise _CutShortError("what was here before does not fit to it") from error
        raise _refusal(url, error) from error
    except urllib.error.URLError as error:
        raise _CutShortError(str(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _CutShortError(str(error) or type(error).__name__) from error


def _refusal(url: str, error: urllib.error.HTTPError) -> Exception:
    answer = f"the server answers {error.code} {error.reason}"
    if error.code >= 500:
        return _CutShortError(answer)
    if 300 <= error.code < 400:
        answer = f"the server redirects to {error.headers.get('Location', 'nowhere')}, which is not followed"
    return EdgedError(f"cannot be downloaded: {answer}", where=url)


def _receive(
    url: str, response: http.client.HTTPResponse, file: FileIO, progress: Callable[[Received], None]
) -> None:
    """Write what the server sends behind what is here."""
    total = _total_bytes(response, file)
    while block := response.read(_CHUNK_BYTES) if (total or 0) <= MAX_DOWNLOAD_BYTES else b"":
        file.write(block)
        progress(Received(file.tell(), total))
        if file.tell() > MAX_DOWNLOAD_BYTES:
            break
    received = file.tell()
    if max(received, total or 0) > MAX_DOWNLOAD_BYTES:
        _empty(file)
        raise EdgedError(f"is larger than {MAX_DOWNLOAD_BYTES >> 20} MiB, which no model is", where=url)
    if total is not None and received < total:
        raise _CutShortError(f"the connection ended after {received} of {total} bytes")


def _total_bytes(response: http.client.HTTPResponse, file: FileIO) -> int | None:
    """Size of the whole content; None where the server does not tell. Empties `file` if it starts anew."""
    if response.status == _PARTIAL_CONTENT:
        matched = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if matched is None or int(matched[1]) != file.tell():
            _empty(file)
            raise _CutShortError("the server sent another part than it was asked for")
        return None if matched[3] == "*" else int(matched[3])
    _empty(file)
    length = response.headers.get("Content-Length", "")
    return int(length) if re.fullmatch(r"\d{1,15}", length, re.ASCII) else None


def _empty(file: FileIO) -> None:
    file.seek(0)
    file.truncate()
