"""Labels keep out of each other's way."""

from hypothesis import given
from hypothesis import strategies as st

from edged.report.labels import Box, placed

SHEET = Box(0, 0, 640, 420)


def boxes(places: list[tuple[float, float, str, str]]) -> list[Box]:
    made = []
    for left, base, anchor, label in places:
        width = 6.8 * len(label)
        begin = {"start": left, "end": left - width, "middle": left - width / 2}[anchor]
        made.append(Box(begin, base - 10, begin + width, base + 2))
    return made


def test_two_points_side_by_side_keep_their_labels_apart() -> None:
    wanted = [(300.0, 200.0, "0.5"), (318.0, 200.0, "0.75")]
    taken = [Box.round(left, top, 6) for left, top, _ in wanted]
    first, second = boxes(placed(wanted, taken, SHEET))
    assert first.overlap(second) == 0
    assert all(label.overlap(point) == 0 for label in (first, second) for point in taken)


def test_a_label_at_the_edge_turns_inwards() -> None:
    (place,) = placed([(632.0, 200.0, "1.0")], [], SHEET)
    assert place[2] == "end"


@given(st.lists(st.tuples(st.integers(3, 9), st.integers(2, 6)), unique=True, max_size=20))
def test_points_far_apart_never_share_paper(grid: list[tuple[int, int]]) -> None:
    wanted = [(60.0 * column, 60.0 * row, "0.75") for column, row in grid]
    taken = [Box.round(left, top, 6) for left, top, _ in wanted]
    made = boxes(placed(wanted, taken, SHEET))
    assert all(a.overlap(b) == 0 for place, a in enumerate(made) for b in made[:place])
    assert all(SHEET.overlap(box) >= box.area - 1e-6 for box in made)


def test_a_label_stands_nearer_to_its_own_point_than_to_another() -> None:
    # Where the first place, to the right, is right beside another point that has its label elsewhere.
    wanted = [(300.0, 200.0, "1.0"), (344.0, 203.0, "0.75")]
    taken = [Box.round(left, top, 6) for left, top, _ in wanted]
    first, _ = boxes(placed(wanted, taken, SHEET))
    assert first.distance(*wanted[0][:2]) < first.distance(*wanted[1][:2])


def test_a_long_label_is_cut() -> None:
    (place,) = placed([(300.0, 200.0, "m" * 64)], [], SHEET)
    assert place[3] == "m" * 25 + "\N{HORIZONTAL ELLIPSIS}"
