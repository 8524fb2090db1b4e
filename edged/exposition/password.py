"""Hashed passwords: scrypt of the standard library, which every board has without a compiler.

A hash is written as `$scrypt$ln=14,r=8,p=1$SALT$HASH`, salt and hash in base 64 without padding.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets

# 16 MiB for each hash made, one at a time: more would not fit beside edged on a small board.
_LN, _R, _P = 14, 8, 1
_MOST_LN = 15
_HASH_BYTES = 32
_TEXT = re.compile(
    r"\$scrypt\$ln=(?P<ln>[0-9]{1,2}),r=8,p=1\$(?P<salt>[A-Za-z0-9+/]{11,86})\$(?P<hash>[A-Za-z0-9+/]{43})",
    re.ASCII,
)


def hashed(password: str) -> str:
    """The hash of a password with a new salt."""
    salt = secrets.token_bytes(16)
    return f"$scrypt$ln={_LN},r={_R},p={_P}${_text(salt)}${_text(_scrypt(password, salt, _LN))}"


def unfitting() -> str:
    """A hash that no password is known to fit; trying one takes as long as with any other."""
    salt, hash_ = secrets.token_bytes(16), secrets.token_bytes(_HASH_BYTES)
    return f"$scrypt$ln={_LN},r={_R},p={_P}${_text(salt)}${_text(hash_)}"


def is_hash(text: str) -> bool:
    """Whether that is a hash as `hashed` makes it."""
    match = _TEXT.fullmatch(text)
    return match is not None and 10 <= int(match["ln"]) <= _MOST_LN and _bytes(match["salt"]) is not None


def fits(password: str, hash_: str) -> bool:
    """Whether a hash is that of the password; takes as long if not.

    Args:
        password: Of whoever asks.
        hash_: One that `is_hash`.
    """
    match = _TEXT.fullmatch(hash_)
    if match is None:
        return False
    salt, expected = _bytes(match["salt"]), _bytes(match["hash"])
    if salt is None or expected is None:
        return False
    return hmac.compare_digest(_scrypt(password, salt, int(match["ln"])), expected)


def _scrypt(password: str, salt: bytes, ln: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=1 << ln, r=_R, p=_P, maxmem=64 << 20, dklen=_HASH_BYTES
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        return None
