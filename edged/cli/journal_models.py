"""Models that are asked for by --model, as the journal takes them."""

from glob import escape


def journal_models(names: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns for `Wanted`: each name as a pattern, and as it is, for a model called "[x]".

    Args:
        names: As they were typed.
    """
    return tuple(dict.fromkeys(pattern for name in names for pattern in (name, escape(name))))
