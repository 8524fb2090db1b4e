"""Reads that keep the phase known."""

from edged.sampling.phase import Phase, Update
from edged.sampling.probes import Probes

PERIOD_NS = 35_200_000


def proofs(probes: Probes, numbers: range) -> list[int]:
    """The updates before which a phase that is known well is proved."""
    phase = Phase(PERIOD_NS, 0)
    return [
        number
        for number in numbers
        if probes.next_ns(phase, Update(number, 1e15, 1_000.0), 1.0, now_ns=0, read_ns=1_000_000) is not None
    ]


def test_a_known_phase_is_proved_every_two_seconds() -> None:
    assert proofs(Probes(), range(1, 200)) == [57, 114, 171]


def test_it_is_proved_as_often_when_updates_are_numbered_anew() -> None:
    probes = Probes()
    proofs(probes, range(1, 5_000))
    probes.begin(0)
    assert proofs(probes, range(1, 100)) == [57]
