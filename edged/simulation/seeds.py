"""Independent sources of chance from one seed, so that a change in one leaves the others as they were."""

import random


def seeded(seed: int, purpose: str) -> random.Random:
    """The source of chance for one purpose; the same seed and purpose give the same numbers."""
    return random.Random(f"{seed}/{purpose}")  # noqa: S311 - physics, not secrets
