"""Which energies are compared with each other."""

import pytest

from edged.tradeoff.like_rails import are_compared, compared_rails
from tests.unit.exposition.facts import ENERGY

FOUR = ("big", "little", "gpu", "mem")


@pytest.mark.parametrize(
    ("measured", "compared"),
    [
        ([], ()),
        ([()], ()),
        ([("big",), FOUR, ("big",)], FOUR),  # most rails, however few have them
        (
            [("big", "mem"), ("big", "little"), ("little", "big")],
            ("big", "little"),
        ),  # of equals what most have
        ([FOUR, (*FOUR, "board")], ("board",)),  # a meter came
        ([("package-0", "package-0/core")], ("package-0",)),
    ],
)
def test_those_over_most_rails_are(measured: list[tuple[str, ...]], compared: tuple[str, ...]) -> None:
    found = compared_rails(dict.fromkeys(rails, ENERGY) for rails in measured)
    assert found == frozenset(compared)


def test_only_what_adds_up_to_the_same_rails_is() -> None:
    for rails, like in ((("board",), True), ((*FOUR, "board"), True), (FOUR, False), ((), False)):
        assert are_compared(dict.fromkeys(rails, ENERGY), frozenset({"board"})) is like
    assert not are_compared({}, frozenset())
