"""The paper's claims judged by the paper's own figures: what `claims.md` found by hand, found by the code."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.measurement.result import Uncertain
from edged.report.claims import Finding, Results, Status, ordered, printed
from edged.report.claims_latency import LATENCY_CLAIMS
from edged.report.claims_models import MODEL_CLAIMS
from edged.report.sources import paper_results, published_results

CLAIMS = {claim.id: claim for claim in (*MODEL_CLAIMS, *LATENCY_CLAIMS)}
# As ../shared/paper/claims.md has them, judged by Table II and by the models that it was measured with.
SLIPS = {"M3", "M8", "L8", "L9"}
# The place or the sign holds, the figure does not.
IN_PART = {"M1", "M4", "M5", "M6"}
# What the paper's substitution of MobileNet v2's row explains.
EXPLAINED = {"M1", "M4", "M5", "M6"}


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_papers_slips_are_found_and_nothing_else(claim: str) -> None:
    finding = CLAIMS[claim].finding(published_results())
    expected = Status.FAILS if claim in SLIPS else Status.IN_PART if claim in IN_PART else Status.HOLDS
    assert finding.status is expected, finding.figures


@pytest.mark.parametrize("claim", sorted(EXPLAINED))
def test_with_the_row_of_mobilenet_v2_the_papers_figures_come_out(claim: str) -> None:
    assert CLAIMS[claim].finding(paper_results()).status is Status.HOLDS


def test_2_21_should_be_2_15() -> None:
    finding = CLAIMS["L9"].finding(published_results())
    assert finding.figures == "2.154 ± 0.003, printed 2.21"


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_on_what_was_not_measured_is_left_open(claim: str) -> None:
    assert CLAIMS[claim].finding(Results({}, {}, {})) == Finding(Status.UNKNOWN, "")


def test_six_percent_of_latency_take_alpha_0_5_off_the_front_of_the_a15() -> None:
    published = published_results()
    slower = dict(published.latency_s)
    slower["0.5", "fp32", "big"] = Uncertain(slower["0.5", "fp32", "big"].value * 1.07, 1e-4)
    results = Results(slower, published.top1_ratio, published.size_bytes)
    assert CLAIMS["L15"].finding(results).status is Status.FAILS


def test_what_u95_leaves_open_is_not_certain() -> None:
    published = published_results()
    blurred = {key: Uncertain(v.value, 0.08 * v.value) for key, v in published.latency_s.items()}
    results = Results(blurred, published.top1_ratio, published.size_bytes)
    assert CLAIMS["L15"].finding(results).status is Status.UNCERTAIN
    assert CLAIMS["L16"].finding(results).status is Status.UNCERTAIN


@given(st.floats(0.01, 1e3), st.floats(0, 10), st.floats(0, 10))
def test_more_uncertainty_never_makes_a_figure_fail(value: float, less: float, more: float) -> None:
    if printed(Uncertain(value, less), "4.8").status is Status.HOLDS:
        assert printed(Uncertain(value, less + more), "4.8").status is not Status.FAILS


def test_a_figure_is_not_borne_out_by_what_is_hardly_known() -> None:
    assert printed(Uncertain(1.278, 0.02), "1.27").status is Status.HOLDS
    assert printed(Uncertain(1.278, 0.427), "1.27").status is Status.UNCERTAIN
    assert printed(Uncertain(2.278, 0.427), "1.27").status is Status.FAILS


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0, 1)), min_size=2, max_size=5))
def test_an_order_and_its_reverse_are_never_both_certain(pairs: list[tuple[float, float]]) -> None:
    values = [Uncertain(*pair) for pair in pairs]
    both = [ordered(values, "").status, ordered(values[::-1], "").status]
    assert both.count(Status.HOLDS) <= 1
    if both[0] is Status.HOLDS:
        assert both[1] is Status.FAILS


def test_nothing_is_certain_where_no_u95_is_known() -> None:
    published = published_results()
    single_runs = {key: Uncertain(v.value, math.inf) for key, v in published.latency_s.items()}
    results = Results(single_runs, published.top1_ratio, published.size_bytes)
    assert {claim.finding(results).status for claim in LATENCY_CLAIMS} == {Status.UNCERTAIN}
    assert CLAIMS["L9"].finding(results).figures == "2.154 ± ?, printed 2.21"


def test_a_slower_rival_with_an_unknown_u95_leaves_the_front_open() -> None:
    published = published_results()
    hardly_known = dict(published.latency_s)
    # Not the fastest of those that are more accurate than alpha 0.5 FP32.
    hardly_known["1.0", "fp32", "big"] = Uncertain(hardly_known["1.0", "fp32", "big"].value, math.inf)
    results = Results(hardly_known, published.top1_ratio, published.size_bytes)
    assert CLAIMS["L15"].finding(results).status is Status.UNCERTAIN


def test_one_hardly_known_case_of_the_a7_may_pass_30_fps() -> None:
    published = published_results()
    hardly_known = dict(published.latency_s)
    hardly_known["1.0", "fp32", "little"] = Uncertain(1.2, math.inf)
    results = Results(hardly_known, published.top1_ratio, published.size_bytes)
    assert CLAIMS["L5"].finding(results).status is Status.UNCERTAIN


def test_a_trend_that_u95_may_take_out_of_a_tenth_is_not_certainly_similar() -> None:
    published = published_results()
    blurred = dict(published.latency_s)
    slowest = blurred["1.0", "fp32", "big"].value
    blurred["1.0", "fp32", "big"] = Uncertain(slowest, 0.2 * slowest)
    results = Results(blurred, published.top1_ratio, published.size_bytes)
    assert CLAIMS["L3"].finding(results).status is Status.UNCERTAIN
    blurred["1.0", "fp32", "big"] = Uncertain(2 * slowest, 0.01 * slowest)
    assert CLAIMS["L3"].finding(results).status is Status.FAILS
