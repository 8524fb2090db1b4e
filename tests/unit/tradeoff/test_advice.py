"""What `edged advise` may recommend."""

import math
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edged.measurement.result import Uncertain
from edged.tradeoff.advice import (
    Keeps,
    Least,
    Limits,
    Option,
    advise,
    nearest,
    next_better,
    open_ones,
    undecided,
)

FAST = Option("small", "big", Uncertain(0.018, 0.001), 0.482, Uncertain(0.030, 0.001), 500_000)
FRUGAL = Option("small", "little", Uncertain(0.070, 0.001), 0.482, Uncertain(0.014, 0.001), 500_000)
GOOD = Option("large", "big", Uncertain(0.112, 0.001), 0.700, Uncertain(0.197, 0.003), 4_300_000)
ALL = (GOOD, FAST, FRUGAL)

uncertain = st.builds(Uncertain, st.floats(0.001, 2.0), st.floats(0.0, 0.5) | st.just(math.inf))
options = st.lists(
    st.builds(
        Option,
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from(["big", "little"]),
        uncertain,
        st.none() | st.floats(0.0, 1.0),
        st.none() | uncertain,
        st.none() | st.integers(1, 10**8),
    ),
    max_size=8,
)
limits = st.builds(
    Limits,
    st.none() | st.floats(0.001, 2.0),
    st.none() | st.floats(0.0, 1.0),
    st.none() | st.floats(0.001, 2.0),
)


def test_the_cheapest_that_keeps_to_the_limits_comes_first() -> None:
    assert advise(ALL, Limits(), Least.ENERGY)[0].option is FRUGAL
    assert advise(ALL, Limits(), Least.LATENCY)[0].option is FAST
    assert advise(ALL, Limits(max_latency_s=0.05), Least.ENERGY)[0].option is FAST
    assert advise(ALL, Limits(min_top1_ratio=0.66), Least.ENERGY)[0].option is GOOD


def test_of_equal_files_the_more_accurate_comes_first() -> None:
    twin = replace(GOOD, size_bytes=500_000)
    assert advise((FAST, twin), Limits(), Least.MEMORY)[0].option is twin


def test_a_limit_inside_the_interval_is_kept_probably() -> None:
    (advice,) = advise((FAST,), Limits(max_latency_s=0.0185), Least.LATENCY)
    assert advice.keeps is Keeps.PROBABLY
    (advice,) = advise((FAST,), Limits(max_latency_s=0.0195), Least.LATENCY)
    assert advice.keeps is Keeps.CERTAINLY


def test_what_is_not_known_keeps_to_no_limit() -> None:
    blind = Option("own", "big", Uncertain(0.01, 0.0))
    assert advise((blind,), Limits(max_energy_j=1.0), Least.LATENCY) == []
    assert advise((blind,), Limits(min_top1_ratio=0.0), Least.LATENCY) == []
    assert [each.option for each in advise((blind,), Limits(), Least.LATENCY)] == [blind]


def test_what_keeps_to_the_limits_at_a_cost_that_is_not_known_comes_last() -> None:
    blind = replace(FAST, cpu_cluster="mid", energy_j=None)
    ranked, last = advise((blind, FRUGAL), Limits(max_latency_s=0.1), Least.ENERGY)
    assert (ranked.option, ranked.ranked, last.option, last.ranked) == (FRUGAL, True, blind, False)
    (alone,) = advise((blind, FRUGAL), Limits(max_latency_s=0.05), Least.ENERGY)
    assert (alone.option, alone.keeps, alone.dearer_ratio, alone.ahead) == (
        blind,
        Keeps.CERTAINLY,
        None,
        False,
    )


def test_what_lacks_a_figure_for_a_limit_is_undecided_unless_it_breaks_another() -> None:
    vague = Option("own", "big", Uncertain(0.01, 0.0))
    accurate = Limits(max_latency_s=0.1, min_top1_ratio=0.1)
    assert undecided((vague, FAST), accurate) == [vague]
    assert accurate.unknown_of(vague) == ("accuracy",)
    assert accurate.broken_by(vague) == ()
    assert undecided((vague, FAST), replace(accurate, max_latency_s=0.001)) == []
    assert undecided((vague, FAST), Limits(max_energy_j=1.0)) == [vague]
    assert undecided((vague, FAST), Limits()) == []


def test_the_next_better_one_may_have_a_cost_that_is_not_known() -> None:
    blind = replace(GOOD, energy_j=None)
    assert next_better((FAST, blind), FAST, Least.ENERGY, Limits()) is blind
    assert next_better((FAST, blind, GOOD), FAST, Least.ENERGY, Limits()) is GOOD
    beyond = replace(GOOD, cpu_cluster="little", latency_s=Uncertain(0.476, 0.001))
    for limits in (Limits(max_latency_s=0.2), Limits(max_latency_s=0.2, max_energy_j=1.0)):
        assert next_better((FAST, blind, beyond), FAST, Least.ENERGY, limits) is blind


def test_an_accuracy_typed_in_percent_is_reached_by_itself() -> None:
    for permille in range(1001):
        option = replace(FAST, top1_ratio=permille / 1000)
        assert advise((option,), Limits(min_top1_ratio=float(f"{permille / 10}") / 100), Least.LATENCY)


def test_more_accuracy_costs_what_the_next_better_costs() -> None:
    assert next_better(ALL, FRUGAL, Least.ENERGY, Limits()) is GOOD
    assert next_better(ALL, GOOD, Least.ENERGY, Limits()) is None


def test_the_next_better_one_within_the_limits_is_preferred_to_a_cheaper_one_beyond() -> None:
    frugal_large = replace(
        GOOD, cpu_cluster="little", latency_s=Uncertain(0.476, 0.001), energy_j=FRUGAL.energy_j
    )
    every = (*ALL, frugal_large)
    assert next_better(every, FAST, Least.ENERGY, Limits()) is frugal_large
    assert next_better(every, FAST, Least.ENERGY, Limits(max_latency_s=0.2)) is GOOD
    assert next_better(every, FAST, Least.ENERGY, Limits(max_latency_s=0.05)) is frugal_large
    assert Limits(max_latency_s=0.05).broken_by(frugal_large) == ("latency",)


def test_what_comes_nearest_to_one_limit_keeps_to_the_others_where_it_can() -> None:
    both = nearest(ALL, Limits(max_latency_s=0.05, min_top1_ratio=0.66))
    assert [(each.limit, each.option, each.within_others) for each in both] == [
        ("latency", GOOD, True),
        ("accuracy", FAST, True),
    ]
    (alone,) = nearest(ALL, Limits(max_latency_s=0.001))
    assert (alone.limit, alone.option) == ("latency", FAST)
    neither = nearest(ALL, Limits(max_latency_s=0.001, min_top1_ratio=0.99))
    assert [(each.option, each.within_others) for each in neither] == [(FAST, False), (GOOD, False)]


def test_a_limit_broken_by_less_than_u95_is_open() -> None:
    assert open_ones((FAST,), Limits(max_latency_s=0.0175)) == [FAST]
    assert open_ones((FAST,), Limits(max_latency_s=0.0165)) == []
    assert open_ones((FAST,), Limits(max_latency_s=0.0175, min_top1_ratio=0.5)) == []


@given(options, limits)
def test_each_option_is_kept_open_or_out_and_what_is_kept_breaks_no_limit(
    each: Sequence[Option], limit: Limits
) -> None:
    kept = [option for option in each if limit.kept_by(option) is not Keeps.NOT]
    assert all(limit.broken_by(option) == () for option in kept)
    assert all(limit.broken_by(o) or limit.unknown_of(o) for o in each if o not in kept)
    assert not [option for option in undecided(each, limit) if option in kept or limit.broken_by(option)]
    assert not [option for option in open_ones(each, limit) if option in kept]


@given(options, limits, st.sampled_from(Least))
def test_nothing_beyond_a_limit_is_ever_recommended(
    each: Sequence[Option], limit: Limits, least: Least
) -> None:
    advice = advise(each, limit, least)
    for one in advice:
        assert limit.max_latency_s is None or one.option.latency_s.value <= limit.max_latency_s
        assert limit.max_energy_j is None or (
            one.option.energy_j and one.option.energy_j.value <= limit.max_energy_j
        )
    kept = [one.option for one in advice]
    assert all(limit.kept_by(o) is Keeps.NOT for o in each if o not in kept)
    assert all(one.ranked == (one.option.cost(least) is not None) for one in advice)


@given(options, st.sampled_from(Least))
def test_costs_rise_down_the_list_whatever_the_order_of_the_options(each: list[Option], least: Least) -> None:
    advice = advise(each, Limits(), least)
    costs = [cost.value for one in advice if (cost := one.option.cost(least))]
    assert costs == sorted(costs)
    assert advice == advise(each[::-1], Limits(), least)


@given(options, limits, limits)
def test_a_tighter_limit_adds_no_choice(each: list[Option], one: Limits, other: Limits) -> None:
    both = Limits(
        min((v for v in (one.max_latency_s, other.max_latency_s) if v is not None), default=None),
        max((v for v in (one.min_top1_ratio, other.min_top1_ratio) if v is not None), default=None),
        min((v for v in (one.max_energy_j, other.max_energy_j) if v is not None), default=None),
    )
    wide = [a.option for a in advise(each, one, Least.LATENCY)]
    assert all(a.option in wide for a in advise(each, both, Least.LATENCY))


def test_a_latency_whose_u95_is_not_known_keeps_to_a_limit_probably_and_breaks_it_openly() -> None:
    single_run = replace(FAST, latency_s=Uncertain(0.018, math.inf))
    assert Limits(max_latency_s=1.0).kept_by(single_run) is Keeps.PROBABLY
    assert Limits(max_latency_s=0.001).kept_by(single_run) is Keeps.NOT
    assert open_ones([single_run, FAST], Limits(max_latency_s=0.001)) == [single_run]


def test_nobody_is_ahead_of_a_latency_whose_u95_is_not_known() -> None:
    single_run = replace(FRUGAL, latency_s=Uncertain(0.070, math.inf))
    assert [each.ahead for each in advise([FAST, single_run, GOOD], Limits(), Least.LATENCY)] == [
        False,
        False,
        True,
    ]
    assert not any(
        each.ahead
        for each in advise(
            [replace(FAST, latency_s=Uncertain(0.018, math.inf)), FRUGAL], Limits(), Least.LATENCY
        )
    )


def test_what_is_not_known_of_the_latency_says_nothing_against_the_energy() -> None:
    single_run = replace(FRUGAL, latency_s=Uncertain(0.070, math.inf))
    first, second = advise([single_run, FAST], Limits(max_energy_j=0.1), Least.ENERGY)
    assert first.option is single_run
    assert first.keeps is Keeps.CERTAINLY
    assert second.ahead
