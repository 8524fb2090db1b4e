"""Puts lines together from whatever pieces a serial line, a datagram or a stream delivers them in."""


class LineAssembler:
    """Bytes in, whole lines out, without their line ends.

    Lines end with LF; CR and NUL are dropped wherever they are, so that CR LF, LF CR and the NUL padding
    of some datagrams all come out the same. What is too long to be a line is dropped up to the next LF.

    Args:
        longest: Longest line in bytes.
        starts_inside: Whether the first line may have begun before anybody listened: it is dropped then.
    """

    def __init__(self, longest: int, *, starts_inside: bool) -> None:
        """Begin with nothing."""
        self._longest = longest
        self._rest = bytearray()
        self._dropping = starts_inside

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes, empty ones left out."""
        lines = []
        *ended, rest = data.translate(None, b"\r\0").split(b"\n")
        for piece in ended:
            self._add(piece)
            if self._rest and not self._dropping:
                lines.append(bytes(self._rest))
            self._rest.clear()
            self._dropping = False
        self._add(rest)
        return lines

    def _add(self, piece: bytes) -> None:
        if len(self._rest) + len(piece) > self._longest:
            self._dropping = True
        if self._dropping:
            self._rest.clear()
        else:
            self._rest += piece
