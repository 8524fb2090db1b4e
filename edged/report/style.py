"""How the report looks: light and dark, on paper and on a phone, with nothing from outside."""

from importlib.resources import files


def style(name: str) -> str:
    """A style sheet of this package: `plot` for a figure alone, `page` for the document around figures."""
    return files(__package__).joinpath(f"{name}.css").read_text("utf-8")
