"""Marks of the kernel's cooling counters, among the counters of the journal."""

from hypothesis import given
from hypothesis import strategies as st

from edged.journal.cooling_marks import marks_as_counters, marks_in, without_marks
from edged.journal.counters import Counters, decode, encode
from edged.sampling.kernel_count import KernelMark

NUMBERS = st.integers(0, 2**62)
MARKS = st.dictionaries(
    st.text(max_size=20), st.builds(KernelMark, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=4
)
COUNTERS: Counters = {("edged_inferences_total", frozenset({("model", "m")})): 7}


@given(marks=MARKS)
def test_marks_come_back_exactly_from_among_the_counters(marks: dict[str, KernelMark]) -> None:
    kept = decode(encode({**COUNTERS, **marks_as_counters(marks, "this boot")}))
    assert marks_in(kept, "this boot") == (marks, bool(marks))
    assert without_marks(kept) == COUNTERS


def test_marks_of_another_boot_say_so() -> None:
    kept = marks_as_counters({"cpufreq-cpu4": KernelMark(5, 1, 2, 3, 4)}, "the last boot")
    assert marks_in(kept, "this boot") == ({"cpufreq-cpu4": KernelMark(5, 1, 2, 3, 4)}, False)


def test_an_incomplete_mark_is_none() -> None:
    kept = dict(marks_as_counters({"cpufreq-cpu4": KernelMark(5, 1, 2, 3, 4)}, "this boot"))
    kept.popitem()
    marks, _ = marks_in(kept, "this boot")
    assert marks == {}
