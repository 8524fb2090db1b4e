from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edged.errors import UsageError
from edged.simulation.rails import TrueEnergy
from edged.simulation.scenario import Scenario
from edged.simulation.soc import RAILS
from tests.unit.simulation.boards import SECOND, Bench, MakeBench

BIG = "sys/devices/system/cpu/cpufreq/policy4"
LITTLE = "sys/devices/system/cpu/cpufreq/policy0"
HWMON = "sys/class/hwmon"
NEVER_CHANGING = (
    "/device-tree/",
    "/soc0/",
    "/topology/",
    "/proc/cpuinfo",
    "trip_point",
    "/of_node/",
    "uevent",
)
EXACT = Scenario(chip_spread=0.0)


def unescaped(text: str) -> bytes:
    """The content of a line of the sheet's tables."""
    return text.encode().decode("unicode_escape").encode("latin-1")


@pytest.mark.parametrize("kind", ["xu3", "xu4"])
def test_the_board_has_every_file_of_the_hardware_sheet(
    bench: MakeBench, kind: str, tmp_path: Path, shared: Path
) -> None:
    bench(tmp_path, kind)
    for line in (shared / "hardware" / f"sysfs-{kind}.tsv").read_text().splitlines():
        path, content = line.split("\t", 1)
        file = tmp_path / path.removeprefix("/")
        assert file.exists(), path
        if content.startswith("-> "):
            assert str(file.readlink()) == content.removeprefix("-> ")
        elif file.is_file() and any(part in path for part in NEVER_CHANGING):
            assert file.read_bytes() == unescaped(content), path


def test_an_xu4_has_no_power_sensor(bench: MakeBench, tmp_path: Path) -> None:
    xu4 = bench(tmp_path, "xu4")
    assert [path.name for path in (tmp_path / HWMON).iterdir()] == ["hwmon0"]
    assert xu4.text(f"{HWMON}/hwmon0/name") == "pwmfan\n"
    assert xu4.board.truth(0, SECOND)["big"].total_j > 0.0  # it draws power all the same


def test_idle_rails_draw_what_the_sheet_says(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    xu3.run_s(10.0)
    assert xu3.power_w("big") == pytest.approx(0.11, abs=0.01)
    assert xu3.power_w("little") == pytest.approx(0.10, abs=0.01)
    assert xu3.power_w("gpu") == pytest.approx(0.07, abs=0.01)
    assert 0.04 <= xu3.power_w("mem") <= 0.07


@pytest.mark.parametrize(("rail", "cpu", "extra_w"), [("big", 4, 1.7), ("little", 0, 0.17)])
def test_one_busy_core_draws_what_the_sheet_says(
    bench: MakeBench, rail: str, cpu: int, extra_w: float, tmp_path: Path
) -> None:
    xu3 = bench(tmp_path)
    before_w, memory_w = xu3.power_w(rail), xu3.power_w("mem")
    xu3.board.set_busy(cpu, 1.0)
    assert xu3.power_w(rail) - before_w == pytest.approx(extra_w, abs=1e-5)
    assert 0.03 <= xu3.power_w("mem") - memory_w <= 0.08


def test_the_sensors_show_the_power_within_a_step_of_their_registers(
    bench: MakeBench, tmp_path: Path
) -> None:
    xu3 = bench(tmp_path, scenario=EXACT)
    xu3.board.set_busy(5, 1.0)
    xu3.run_s(0.5)
    directory = f"{HWMON}/hwmon1"
    power_w = xu3.number(f"{directory}/in1_input") * xu3.number(f"{directory}/curr1_input") / 1e6
    assert power_w == pytest.approx(xu3.power_w("big"), abs=0.005)
    assert xu3.number(f"{directory}/power1_input") % 6250 == 0
    assert xu3.number(f"{directory}/power1_input") / 1e6 == pytest.approx(power_w, abs=0.01)
    assert xu3.number(f"{directory}/update_interval") == 35


def test_registers_change_once_an_average(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, scenario=EXACT)
    xu3.run_s(1.0)
    xu3.board.set_busy(4, 1.0)
    seen = []
    for _ in range(120):
        xu3.run_s(0.001)
        seen.append(xu3.number(f"{HWMON}/hwmon1/curr1_input"))
    changes = [ms for ms in range(1, 120) if seen[ms] != seen[ms - 1] and abs(seen[ms] - seen[ms - 1]) > 2]
    assert len(changes) in {1, 2}  # the average in which the core got busy, and the one after it
    assert changes[-1] - changes[0] in {0, 35, 36}


def test_four_busy_big_cores_reach_75_degrees_within_12_seconds(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    for cpu in range(4, 8):
        xu3.board.set_busy(cpu, 1.0)
    xu3.run_s(12.0)
    temperature_c = xu3.number("sys/class/thermal/thermal_zone0/temp") / 1000
    assert 75 <= temperature_c <= 80
    assert temperature_c == int(temperature_c)


def test_throttling_shows_in_sysfs_and_lowers_clock_and_power(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    for cpu in range(4, 8):
        xu3.board.set_busy(cpu, 1.0)
    full_w = xu3.power_w("big")
    xu3.run_s(12.0)
    assert xu3.number("sys/class/thermal/cooling_device2/cur_state") == 2
    assert xu3.number("sys/class/thermal/cooling_device1/cur_state") == 2
    assert xu3.number(f"{BIG}/scaling_max_freq") == xu3.number(f"{BIG}/scaling_cur_freq") == 1_800_000
    assert xu3.number(f"{LITTLE}/scaling_cur_freq") == 1_200_000
    assert xu3.number(f"{BIG}/cpuinfo_max_freq") == 2_000_000
    assert xu3.number("sys/class/regulator/regulator.41/microvolts") == 1_200_000
    assert xu3.number(f"{HWMON}/hwmon0/pwm1") == 230
    assert xu3.power_w("big") < 0.8 * full_w


def test_a_cooled_board_runs_at_full_clock_again(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    for cpu in range(4, 8):
        xu3.board.set_busy(cpu, 1.0)
    xu3.run_s(15.0)
    for cpu in range(4, 8):
        xu3.board.set_busy(cpu, 0.0)
    xu3.run_s(60.0)
    assert xu3.number(f"{BIG}/scaling_cur_freq") == 2_000_000
    assert xu3.number("sys/class/thermal/cooling_device2/cur_state") == 0
    assert xu3.number("sys/class/thermal/cooling_device2/stats/total_trans") == 4


def test_with_a_dead_fan_the_kernel_must_slow_the_clock_further(bench: MakeBench, tmp_path: Path) -> None:
    clocks = []
    for works in (True, False):
        xu3 = bench(tmp_path / str(works), scenario=Scenario(fan_works=works))
        for cpu in range(4, 8):
            xu3.board.set_busy(cpu, 1.0)
        xu3.run_s(120.0)
        clocks.append(xu3.number(f"{BIG}/scaling_cur_freq"))
        assert xu3.number(f"{HWMON}/hwmon0/pwm1") == 230  # the kernel asks for it all the same
    assert clocks[1] < clocks[0]


def time_in_state_ticks(xu3: Bench, policy: str) -> dict[int, int]:
    lines = [line.split() for line in xu3.text(f"{policy}/stats/time_in_state").splitlines()]
    return {int(khz): int(ticks) for khz, ticks in lines}


def test_the_kernels_counters_add_up_to_the_time_elapsed(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, start_ns=77_000_000_001)
    for cpu in range(4, 8):
        xu3.board.set_busy(cpu, 1.0)
    xu3.run_s(20.0)
    xu3.board.refresh()
    ticks = time_in_state_ticks(xu3, BIG)
    assert 2000 - len(ticks) < sum(ticks.values()) <= 2000
    assert ticks[2_000_000] > 0
    assert ticks[1_800_000] > 1000
    states = xu3.text("sys/class/thermal/cooling_device2/stats/time_in_state_ms").splitlines()
    milliseconds = [int(line.split("\t")[1]) for line in states]
    assert len(milliseconds) == 19
    assert 20_000 - 19 < sum(milliseconds) <= 20_000
    stat = [line.split() for line in xu3.text("proc/stat").splitlines()]
    assert [line[0] for line in stat] == ["cpu", *(f"cpu{n}" for n in range(8))]
    assert [int(line[1]) for line in stat[1:]] == [0, 0, 0, 0, 2000, 2000, 2000, 2000]
    assert all(int(line[1]) + int(line[4]) == 2000 for line in stat[1:])


def test_ondemand_sleeps_at_the_lowest_clock_and_wakes_under_load(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, scenario=Scenario(governor="ondemand"))
    xu3.run_s(1.0)
    assert xu3.number(f"{BIG}/scaling_cur_freq") == 200_000
    xu3.board.set_busy(4, 1.0)
    xu3.run_s(0.05)
    assert xu3.number(f"{BIG}/scaling_cur_freq") == 2_000_000
    assert xu3.number(f"{LITTLE}/scaling_cur_freq") == 200_000
    xu3.board.set_busy(4, 0.0)
    xu3.run_s(0.05)
    assert xu3.number(f"{BIG}/scaling_cur_freq") == 200_000
    assert xu3.text(f"{BIG}/scaling_governor") == "ondemand\n"


def test_a_longer_averaging_is_taken_from_the_file(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    interval = tmp_path / HWMON / "hwmon1/update_interval"
    for written, shown in (("1126\n", 1126), ("35\n", 35), ("60\n", 35), ("nonsense\n", 35), ("0\n", 35)):
        interval.write_text(written)
        xu3.run_s(1.2)
        assert xu3.number(f"{HWMON}/hwmon1/update_interval") == shown
    assert xu3.board.sensors["big"].chip.averages == 16


def test_shortening_a_long_average_is_noticed_within_a_millisecond(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, scenario=EXACT)
    for number in range(1, 5):
        (tmp_path / HWMON / f"hwmon{number}/update_interval").write_text("1126\n")
    xu3.run_s(3.0)
    (tmp_path / HWMON / "hwmon1/update_interval").write_text("35\n")
    xu3.board.set_busy(4, 1.0)
    xu3.run_s(0.037)
    assert xu3.number(f"{HWMON}/hwmon1/curr1_input") > 1200


def split(board: Bench, start_ns: int, cuts_ns: list[int]) -> dict[str, list[TrueEnergy]]:
    energies: dict[str, list[TrueEnergy]] = {rail: [] for rail in RAILS}
    for left_ns, right_ns in zip([start_ns, *cuts_ns], cuts_ns, strict=False):
        for rail, energy in board.board.truth(left_ns, right_ns).items():
            energies[rail].append(energy)
    return energies


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.floats(0.0, 1.0), st.floats(0.0, 0.4)), max_size=8),
    st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=6),
)
def test_the_truth_of_the_parts_is_the_truth_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[int, float, float]],
    cuts: list[int],
) -> None:
    bench = MakeBench()
    xu3 = bench(tmp_path_factory.mktemp("board"), scenario=Scenario(foreign_bursts_per_minute=60.0))
    for cpu, share, pause_s in changes:
        xu3.board.set_busy(cpu, share)
        xu3.run_s(pause_s)
    xu3.clock.run_until(3 * SECOND)
    ends = [*sorted(cuts), 3 * SECOND]
    for rail, parts in split(xu3, 0, ends).items():
        whole = xu3.board.truth(0, 3 * SECOND)[rail]
        assert sum(part.total_j for part in parts) == pytest.approx(whole.total_j, rel=1e-12)
        assert sum(part.net_j for part in parts) == pytest.approx(whole.net_j, abs=1e-12)
        assert whole.net_j >= -1e-12
        assert whole.foreign_j >= 0.0
    bench.close()


def test_net_truth_is_the_work_and_nothing_else(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    xu3.run_s(1.0)
    xu3.board.set_busy(6, 1.0)
    xu3.run_s(2.0)
    xu3.board.set_busy(6, 0.0)
    xu3.run_s(1.0)
    truth = xu3.board.truth(0, 4 * SECOND)
    assert truth["big"].net_j == pytest.approx(2 * 1.7, abs=1e-6)
    assert truth["little"].net_j == pytest.approx(0.0, abs=1e-12)
    # The chip got warmer: what it leaks for that is idle energy.
    assert truth["big"].idle_j > 4 * 0.107
    assert xu3.board.truth(0, SECOND)["big"].net_j == pytest.approx(0.0, abs=1e-12)


def test_foreign_load_is_not_the_workers(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    xu3.board.set_foreign(5, 1.0)
    xu3.run_s(1.0)
    truth = xu3.board.truth(0, SECOND)["big"]
    assert truth.foreign_j == pytest.approx(1.7, abs=1e-6)
    assert truth.net_j == pytest.approx(0.0, abs=1e-9)


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.mark.parametrize("scenario", [Scenario(), Scenario(foreign_bursts_per_minute=30.0, ambient_c=40.0)])
def test_the_same_seed_gives_the_same_bytes(bench: MakeBench, scenario: Scenario, tmp_path: Path) -> None:
    snapshots = []
    for run, seed in enumerate((3, 3, 4)):
        xu3 = bench(tmp_path / str(run), seed=seed, scenario=scenario)
        xu3.board.set_busy(4, 0.7)
        xu3.run_s(10.0)
        snapshots.append(snapshot(tmp_path / str(run)))
    assert snapshots[0] == snapshots[1]
    assert snapshots[0] != snapshots[2]


def test_an_unknown_kind_of_board_is_refused(bench: MakeBench, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="xu5"):
        bench(tmp_path, "xu5")


def test_an_unknown_governor_is_refused(bench: MakeBench, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="turbo"):
        bench(tmp_path, scenario=Scenario(governor="turbo"))


def test_a_directory_with_files_in_it_is_left_alone(bench: MakeBench, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="not an empty directory"):
        bench(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
