from edged.simulation.cooling import CoolingDevice
from edged.simulation.layout import COOLING_DEVICES, ZONE_TRIPS
from edged.simulation.stepwise import BIG_CLOCK, FAN, GPU_CLOCK, LITTLE_CLOCK, StepWise

PERIOD_NS = 250_000_000


class Kernel:
    """`step_wise` on five zones; the GPU's stays cool unless told otherwise."""

    def __init__(self) -> None:
        self.devices = {kind: CoolingDevice(kind, most, 0) for kind, most in COOLING_DEVICES.items()}
        self._governor = StepWise(ZONE_TRIPS, self.devices)
        self._now_ns = 0

    def sees(self, hottest_c: int, gpu_c: int = 40) -> tuple[int, int, int]:
        self._now_ns += PERIOD_NS
        self._governor.look(self._now_ns, [hottest_c, 40, 40, 40, gpu_c])
        return tuple(self.devices[kind].state for kind in (FAN, LITTLE_CLOCK, BIG_CLOCK))  # type: ignore[return-value]


def test_below_fifty_degrees_nothing_cools() -> None:
    kernel = Kernel()
    assert [kernel.sees(c) for c in (30, 40, 49, 45, 49)] == [(0, 0, 0)] * 5


def test_the_fan_follows_its_three_trip_points() -> None:
    kernel = Kernel()
    assert [kernel.sees(c)[0] for c in (50, 51, 60, 61, 69)] == [1, 1, 2, 2, 2]
    assert kernel.sees(70)[0] == 3


def test_the_fan_is_slowed_only_below_the_hysteresis() -> None:
    kernel = Kernel()
    kernel.sees(50)
    assert [kernel.sees(c)[0] for c in (48, 46, 45, 44)] == [1, 1, 1, 0]


def test_at_seventy_degrees_both_clusters_are_limited_by_two_states_at_most() -> None:
    kernel = Kernel()
    states = [kernel.sees(c)[1:] for c in (69, 70, 71, 72, 73, 84)]
    assert states == [(0, 0), (1, 1), (2, 2), (2, 2), (2, 2), (2, 2)]


def test_the_limit_stays_until_it_is_ten_degrees_cooler() -> None:
    kernel = Kernel()
    for c in (70, 71):
        kernel.sees(c)
    assert [kernel.sees(c)[2] for c in (69, 65, 60)] == [2, 2, 2]
    assert [kernel.sees(c)[2] for c in (59, 59, 58)] == [1, 0, 0]


def test_at_eighty_five_degrees_the_limit_begins_at_state_three() -> None:
    kernel = Kernel()
    for c in (70, 71):
        kernel.sees(c)
    assert kernel.sees(85)[1:] == (3, 3)
    assert kernel.sees(85)[1:] == (3, 3)  # no longer rising
    for c in range(86, 100):
        last = kernel.sees(c)
    assert last[1:] == (8, 14)


def test_released_from_eighty_five_it_falls_back_to_the_limit_of_seventy() -> None:
    kernel = Kernel()
    for c in (70, 71, 85, 86, 87):
        kernel.sees(c)
    assert kernel.devices[BIG_CLOCK].state == 5
    assert [kernel.sees(74)[2] for _ in range(5)] == [4, 3, 2, 2, 2]


def test_the_gpu_has_a_limit_of_its_own() -> None:
    kernel = Kernel()
    for gpu_c in (70, 71, 72):
        kernel.sees(45, gpu_c)
    assert kernel.devices[GPU_CLOCK].state == 2
    assert kernel.devices[BIG_CLOCK].state == 0


def test_the_kernels_counters_add_up() -> None:
    kernel = Kernel()
    for c in (40, 70, 71, 72, 50, 50, 50, 40):
        kernel.sees(c)
    device = kernel.devices[BIG_CLOCK]
    spent_ns = device.time_in_state_ns(8 * PERIOD_NS + 7)
    assert sum(spent_ns) == 8 * PERIOD_NS + 7
    assert device.transitions == 4
    assert spent_ns[1] == 2 * PERIOD_NS
    assert spent_ns[2] == 2 * PERIOD_NS
