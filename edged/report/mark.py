"""One point of a plot: colour says the precision, shape the CPU cluster."""

from dataclasses import dataclass

from edged.report.element import Element, element

_COLOURS = {"fp32": "fp32", "int8": "int8"}
_SIZE = 5.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One point.

    Attributes:
        x: To the right.
        y: Up.
        label: Stands beside it.
        text: All about it, for who points at it or cannot see it.
        precision: Gives its colour.
        cpu_cluster: Gives its shape; "" where it belongs to none.
        x_u95: Half length of its bar to the right, 0 for none.
        y_u95: Half length of its bar up, 0 for none.
        certain: Whether it has a ring: certainly on the front.
        faint: Whether it stays behind, hollow, as the paper's points do.
    """

    x: float
    y: float
    label: str
    text: str
    precision: str
    cpu_cluster: str = ""
    x_u95: float = 0.0
    y_u95: float = 0.0
    certain: bool = False
    faint: bool = False

    @property
    def colour(self) -> str:
        """Class of the style that colours it."""
        return _COLOURS.get(self.precision, "other")


def shape(cpu_cluster: str, left: float, top: float) -> Element:
    """The shape of a CPU cluster's marks around a place in pixels; a circle where it has none of its own."""
    far = _SIZE * 1.4
    match cpu_cluster:
        case "little":
            return element(
                "rect", class_="shape", x=left - _SIZE, y=top - _SIZE, width=2 * _SIZE, height=2 * _SIZE
            )
        case "mid":
            return _polygon((left, top - far), (left + far, top), (left, top + far), (left - far, top))
        case "big2":
            return _polygon((left, top - far), (left + far, top + _SIZE), (left - far, top + _SIZE))
        case _:
            return element("circle", class_="shape", cx=left, cy=top, r=_SIZE)


def ring(left: float, top: float) -> Element:
    """What says that a point is certainly on the front."""
    return element("circle", class_="ring", cx=left, cy=top, r=9)


def _polygon(*corners: tuple[float, float]) -> Element:
    return element("polygon", class_="shape", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in corners))
