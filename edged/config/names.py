"""What can be the name of a model, a protocol, a rail or a CPU cluster."""

_LONGEST = 64


def name_complaint(name: str) -> str | None:
    """Why that cannot name something on the command line and in a metric's label; None if it can."""
    if not name:
        return "is empty"
    if len(name) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    if not name.isprintable() or any(character.isspace() or character in '@,"' for character in name):
        return 'has a space, a comma, a quote or an "@" in it, or something that cannot be printed'
    return None
