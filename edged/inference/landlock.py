"""What a worker may still reach once it is to run native code on a file that nobody has vetted.

Landlock (Linux 5.13; kernel document `userspace-api/landlock`) lets a process give up rights for good,
without being root. From then on a worker reads Python, its engine and its model, and nothing else: not the
journal, not the key of the certificate, not the configuration. It writes no file and starts no program; it
empties no file (Linux 6.2), has no TCP (Linux 6.7), sends the daemon no signal and connects to no abstract
Unix socket (Linux 6.12). What no kernel stops, such as UDP, is in the README's table of threats.
"""

import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

# System calls and rights as in linux/landlock.h; the numbers are the same on ARM, 32 and 64 bits, and x86.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
_FILE_RIGHTS = (1 << 13) - 1
# Rights that came with a version: to link and rename between directories, to truncate, to control devices.
_NEWER_FILE_RIGHTS = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_NETWORK_SINCE, _NETWORK_RIGHTS = 4, 0b11  # to bind and to connect TCP sockets
_SCOPES_SINCE, _SCOPES = 6, 0b11  # abstract Unix sockets and signals of others

# What the C library and the engines ask of the machine: its CPUs and its memory.
_MACHINE = (
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/dev/urandom",
)
_LIBRARIES = ("/usr/lib", "/lib", "/usr/local/lib", "/etc/ld.so.cache")


def python_and_libraries() -> list[str]:
    """Where this interpreter, its packages and what they link to may lie."""
    own = str(Path(__file__).resolve().parents[1])
    linked = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    return [sys.prefix, sys.base_prefix, own, *sys.path, *linked, *_LIBRARIES, *_MACHINE]


def landlock_version() -> int:
    """The kernel's version of Landlock; 0 if it has none, or may not be asked."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)))


def keep_only(readable: Iterable[str]) -> None:
    """Give up every right to files but to read these, and what else Landlock knows of, for good.

    The process must have set `no_new_privs` before. What lies beneath a directory is readable too; what is
    not there is left out. Nothing is given up where the kernel has no Landlock.

    Raises:
        OSError: If the kernel has Landlock and will not have these rules.
    """
    version = landlock_version()
    if not version:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    ruleset = _called(libc, _CREATE_RULESET, *_handled(version), 0)
    try:
        for path in readable:
            _allow_reading(libc, ruleset, path)
        _called(libc, _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


class _Handled(ctypes.Structure):
    """`struct landlock_ruleset_attr`: what is forbidden unless a rule allows it."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    """`struct landlock_path_beneath_attr`: what is allowed beneath a directory."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("directory", ctypes.c_int32))


def _handled(version: int) -> tuple[object, ctypes.c_size_t]:
    """What is given up, and the size of the structure that this version knows."""
    files = _FILE_RIGHTS | sum(right for since, right in _NEWER_FILE_RIGHTS if version >= since)
    network = _NETWORK_RIGHTS if version >= _NETWORK_SINCE else 0
    scopes = _SCOPES if version >= _SCOPES_SINCE else 0
    fields = 3 if version >= _SCOPES_SINCE else 2 if version >= _NETWORK_SINCE else 1
    return ctypes.byref(_Handled(files, network, scopes)), ctypes.c_size_t(8 * fields)


def _allow_reading(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # "" too: no path
        return
    try:
        is_directory = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        allowed = _READ_FILE | (_READ_DIRECTORY if is_directory else 0)
        rule = _Beneath(allowed, descriptor)
        _called(libc, _ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def _called(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return int(result)
