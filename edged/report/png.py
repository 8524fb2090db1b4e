"""A figure as PNG, drawn by CairoSVG: pure Python, and in Debian for every kind of board."""

import importlib
from typing import Protocol, cast

from edged.errors import UsageError

# 560 pixels across become 1680: 14 cm at 300 dots per inch.
_SCALE = 3


class _CairoSvg(Protocol):
    """The one function of CairoSVG that is called."""

    def svg2png(self, *, bytestring: bytes, scale: float) -> bytes: ...


class Rasteriser:
    """Turns figures into PNG."""

    def __init__(self, library: str = "cairosvg") -> None:
        """Find the library.

        Args:
            library: Name of the module.

        Raises:
            UsageError: If it is not there, or the C library beneath it is not.
        """
        try:
            self._library = cast("_CairoSvg", importlib.import_module(library))
        except (ImportError, OSError) as error:
            raise UsageError(
                f"PNG needs CairoSVG, which is not there: {error}",
                remedy="sudo apt-get install python3-cairosvg, or pip install 'edged[png]' where libcairo2 "
                "is; SVG needs neither",
            ) from error

    def png(self, svg: str) -> bytes:
        """The file's content.

        Args:
            svg: A figure as a file of its own (see `document.svg_file`).
        """
        return self._library.svg2png(bytestring=svg.encode(), scale=_SCALE)
