"""Which energies are compared with each other: only those that are added over the same rails.

What was measured on fewer rails, before a sensor came or after it was taken away, would seem cheaper than it
is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from edged.measurement.result import RailEnergy
from edged.tradeoff.inference_energy import rails_that_add_up

Rails = Mapping[str, RailEnergy]


def compared_rails(measured: Iterable[Rails]) -> frozenset[str]:
    """The rails that are added in the energies that are compared; empty where nothing measures power.

    Those of the measurement with most rails; where several have as many, those of most of these.

    Args:
        measured: The energies by rail of each of the cases that are compared.
    """
    alike = Counter((len(rails), frozenset(rails_that_add_up(rails))) for rails in measured)
    (_, added), _ = max(alike.items(), key=lambda each: (each[0][0], each[1]), default=((0, frozenset()), 0))
    return added


def are_compared(rails: Rails, compared: frozenset[str]) -> bool:
    """Whether the energy of a case is one of those that are compared."""
    return bool(rails) and frozenset(rails_that_add_up(rails)) == compared
