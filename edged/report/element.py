"""Elements of HTML and SVG. Whatever text goes into one is escaped when the document is written."""

from xml.etree import ElementTree as ET

Element = ET.Element


def element(tag: str, *children: Element | str, **attributes: object) -> Element:
    """One element.

    Args:
        tag: Its name.
        children: Elements and text, in order.
        attributes: By name; `class_` is class, other underscores are hyphens.
    """
    made = ET.Element(tag, {_name(name): str(value) for name, value in attributes.items()})
    for child in children:
        if not isinstance(child, str):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + child
        else:
            made.text = (made.text or "") + child
    return made


def _name(name: str) -> str:
    return name if name == "viewBox" else name.rstrip("_").replace("_", "-")
