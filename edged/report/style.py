"""How the report looks: light and dark, on paper and on a phone, with nothing from outside.

`plot` is for a figure alone: plain colours and selectors, which any reader of SVG knows (cairo, Inkscape).
`plot-dark` turns a page's figures dark with it. Font: DejaVu Sans, which Debian has wherever it draws, and
Verdana, which is as wide; labels are placed by its widths.
"""

from importlib.resources import files


def style(name: str) -> str:
    """A style sheet of this package: `plot`, `plot-dark`, or `page` for the document around figures."""
    return files(__package__).joinpath(f"{name}.css").read_text("utf-8")
