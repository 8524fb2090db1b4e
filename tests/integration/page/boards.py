"""Boards to show: snapshots made by hand, so that every figure on the page is known."""

from dataclasses import replace
from types import MappingProxyType

from edged.board.parts import Absence, CoolingDevice
from edged.clock import NS_PER_S
from edged.exposition.ledger import Ledger
from edged.exposition.snapshot import ModelFacts, Moment, Snapshot, rail_state
from edged.inference.model import Accuracy, Model
from edged.inference.zoo import FileFacts
from edged.measurement.cases import all_cases
from edged.measurement.verdict import Reason
from edged.sampling.conditions import Conditions
from edged.sampling.throttling import ThrottlingTotals
from edged.schedule.state import Deferral, Running, ScheduleState, Wait
from tests.unit.exposition.facts import BOARD, SMALL, measurement, rejected
from tests.unit.exposition.test_board_families import account
from tests.unit.exposition.test_pareto import CASES, with_table_ii

POWERS_W = (("big", 1.75), ("little", 0.125), ("gpu", 0.0625), ("mem", 0.0625))
MARKUP = '<img src=x onerror="document.title=1"><script>document.title=1</script>'


def moments(
    count: int, throttled: tuple[str, ...] = (), powers_w: tuple[tuple[str, float], ...] = POWERS_W
) -> tuple[Moment, ...]:
    """That many seconds up to the snapshot's; throttled in the last ten."""
    return tuple(
        Moment(
            at_ns=(1_000 - ago) * NS_PER_S,
            powers_w=powers_w,
            conditions=Conditions(
                0,
                0,
                frequencies_hz={"little": 1_400_000_000, "big": 1_800_000_000},
                limits_hz={"little": 1_400_000_000, "big": 1_800_000_000},
                temperatures_c={"cpu0-thermal": 61.5, "gpu-thermal": 55.0},
                cooling_states={},
                busy_s={},
            ),
            throttled=throttled if ago < 10 else (),
        )
        for ago in reversed(range(count))
    )


def measured() -> Snapshot:
    """An XU3 with all 16 results, which measures on."""
    schedule = ScheduleState(
        running=(Running(CASES[0], "burst", 997 * NS_PER_S),), next_case=CASES[1], next_ns=1_000 * NS_PER_S
    )
    throttling = MappingProxyType({"big": ThrottlingTotals(), "little": ThrottlingTotals()})
    return replace(
        with_table_ii(),
        schedule=schedule,
        history=moments(120),
        throttling=throttling,
        rails=(rail_state(account()),),
    )


def throttled() -> Snapshot:
    """The same, throttled and waiting; its newest measurement is rejected."""
    snapshot = measured()
    first, *others = snapshot.cases
    newest = rejected(Reason.THROTTLED, case=CASES[0], finished_wall_s=snapshot.wall_s - 30)
    schedule = ScheduleState(deferral=Deferral(Wait.HOT, "big is at 81 °C", 940 * NS_PER_S))
    return replace(
        snapshot,
        cases=(replace(first, last=newest), *others),
        schedule=schedule,
        history=moments(120, throttled=("big",)),
        throttling={"big": ThrottlingTotals(throttled=True), "little": ThrottlingTotals()},
    )


def unmeasured() -> Snapshot:
    """An XU3 that has just begun."""
    return replace(measured(), cases=tuple(Ledger(CASES).accounts.values()), history=moments(1))


def without_sensors() -> Snapshot:
    """A bare XU4: no sensor, no joule, and the three ways to get them."""
    lacking = Absence(
        "power sensors", "this board has no power sensors", ("an INA226", "a SmartPower3", "a SmartPower2")
    )
    identity = replace(BOARD.identity, model="Hardkernel Odroid XU4")
    ledger = Ledger(CASES)
    for known, case in zip(measured().cases, CASES, strict=True):
        assert known.last_valid
        ledger.apply(replace(known.last_valid, case=case, rails={}))
    return replace(
        measured(),
        board=replace(BOARD, identity=identity, absences=(lacking,)),
        cases=tuple(ledger.accounts.values()),
        history=moments(120, powers_w=()),
        rails=(),
    )


def hostile() -> Snapshot:
    """Names and details that try to be markup."""
    own = Model(MARKUP, SMALL.path, "", MARKUP, "trained", Accuracy(0.5, None, "measured"))
    ledger = Ledger(all_cases([own], BOARD))
    for case in all_cases([own], BOARD):
        ledger.apply(measurement(case))
    model = replace(BOARD.identity, model=MARKUP)
    fan = CoolingDevice(MARKUP, "sys/x", 1)
    return replace(
        measured(),
        board=replace(BOARD, identity=model, cooling_devices=(fan,)),
        cases=tuple(ledger.accounts.values()),
        models=(ModelFacts(own, FileFacts(1_000, "0")),),
        schedule=ScheduleState(deferral=Deferral(Wait.HOT, MARKUP, 0)),
        history=moments(5, powers_w=((MARKUP, 1.0),)),
    )
