"""Whose turn it is: smooth weighted round robin, the same each time, and resumable at any point.

Each name is owed its weight with every turn; who has its turn pays all the weights that take part. Of those
who are not in debt, the one whose next turn must be over first has its turn (the earliest deadline:
`(weights - owed) / weight` turns from now). So after any number of turns each name has had its
share of them within one turn (Stoica et al., "A Proportional Share Resource Allocation Algorithm for
Real-Time, Time-Shared Systems", RTSS 1996), and with equal weights all come one after the other.

Who does not take part, because it must wait for something else, gains nothing meanwhile: nothing is queued.
"""

import math
from collections.abc import Mapping


def next_turn(weights: Mapping[str, int], owed: Mapping[str, int]) -> tuple[str, dict[str, int]]:
    """Who has the next turn, and what each is owed after it.

    Args:
        weights: Of those that take part, in their order; at least one.
        owed: By earlier turns; a name that is not there begins with 0.
    """
    total = sum(weights.values())
    solvent = [name for name in weights if owed.get(name, 0) >= 0] or list(weights)
    # Quotients are compared exactly, as whole numbers: many times a second.
    common = math.lcm(*weights.values())
    chosen = min(solvent, key=lambda name: (total - owed.get(name, 0)) * (common // weights[name]))
    after = {**owed, **{name: owed.get(name, 0) + weight for name, weight in weights.items()}}
    after[chosen] -= total
    return chosen, after


def owed_after(weights: Mapping[str, int], last: str) -> dict[str, int]:
    """What each is owed just after `last` had its turn, counted from the beginning.

    Args:
        weights: Of all.
        last: Who had the last turn; where there is no such name, nobody had one yet.
    """
    owed: dict[str, int] = {}
    if last in weights:
        chosen = ""
        while chosen != last:
            chosen, owed = next_turn(weights, owed)
    return owed
