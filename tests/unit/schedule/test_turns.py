"""Whose turn it is."""

from hypothesis import given
from hypothesis import strategies as st

from edged.schedule.turns import next_turn, owed_after

WEIGHTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), min_size=1)


def turns(weights: dict[str, int], count: int) -> list[str]:
    owed: dict[str, int] = {}
    names = []
    for _ in range(count):
        name, owed = next_turn(weights, owed)
        names.append(name)
    return names


def test_with_equal_weights_all_come_one_after_the_other() -> None:
    assert "".join(turns({"a": 1, "b": 1, "c": 1}, 7)) == "abcabca"


def test_a_heavier_one_is_spread_evenly() -> None:
    names = "".join(turns({"a": 3, "b": 1}, 8))
    assert "bb" not in names
    assert (names.count("a"), names.count("b")) == (6, 2)


@given(WEIGHTS, st.integers(1, 300))
def test_weights_are_honoured_within_one_turn_at_any_time(weights: dict[str, int], count: int) -> None:
    total = sum(weights.values())
    names = turns(weights, count)
    for seen in range(1, count + 1):
        for name, weight in weights.items():
            assert abs(names[:seen].count(name) - seen * weight / total) <= 1


@given(WEIGHTS, st.integers(1, 60))
def test_turns_are_resumed_after_the_last_one(weights: dict[str, int], count: int) -> None:
    *_, last, following = turns(weights, count + 1)
    assert count < 1 or last in weights
    owed = owed_after(weights, last)
    assert next_turn(weights, owed)[0] in weights
    if set(weights.values()) == {1}:
        assert next_turn(weights, owed)[0] == following


def test_who_is_not_known_had_no_turn() -> None:
    assert owed_after({"a": 1}, "gone") == {}


@given(WEIGHTS, st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=60))
def test_who_does_not_take_part_gains_nothing(weights: dict[str, int], absences: list[set[str]]) -> None:
    owed: dict[str, int] = {}
    for absent in absences:
        present = {name: weight for name, weight in weights.items() if name not in absent}
        if present:
            before = dict(owed)
            chosen, owed = next_turn(present, owed)
            assert chosen in present
            for name in weights.keys() - present.keys():
                assert owed.get(name, 0) == before.get(name, 0)
