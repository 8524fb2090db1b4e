"""Every parser of the board room: what it understands, and that nothing at all makes it fail otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.cooling import parse_state_times
from edged.board.cpu_list import format_cpu_list, parse_cpu_list
from edged.board.cpufreq import parse_frequencies
from edged.board.cpuinfo import CoreKind, parse_cpuinfo
from edged.board.frequency import parse_time_in_state
from edged.board.load import parse_busy_ns
from edged.board.thermal import parse_tmu_lines

MS = 1_000_000


class TestCpuList:
    @given(st.sets(st.integers(0, 8191), max_size=300).filter(bool))
    def test_what_is_formatted_is_parsed_again(self, cpus: set[int]) -> None:
        assert parse_cpu_list(format_cpu_list(cpus)) == tuple(sorted(cpus))

    @given(st.lists(st.integers(0, 8191), min_size=1))
    def test_cpufreq_separates_by_blanks(self, cpus: list[int]) -> None:
        assert parse_cpu_list(" ".join(map(str, cpus))) == tuple(sorted(set(cpus)))

    @pytest.mark.parametrize("text", ["", "-", "1-", "3-1", "0-99999", "0x1", "٣", "-1", "all"])
    def test_what_is_no_list_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="CPU number"):
            parse_cpu_list(text)

    @given(st.text())
    def test_any_text_is_a_bounded_list_or_refused(self, text: str) -> None:
        try:
            cpus: tuple[int, ...] = parse_cpu_list(text)
        except ValueError:
            cpus = ()
        assert all(0 <= cpu < 8192 for cpu in cpus)

    def test_ranges_are_joined(self) -> None:
        assert format_cpu_list([7, 0, 1, 2, 5, 3]) == "0-3,5,7"


class TestCpuinfo:
    @given(st.lists(st.sampled_from([(0xC07, "Cortex-A7"), (0xC0F, "Cortex-A15"), (0xD0B, "Cortex-A76")])))
    def test_part_numbers_tell_cores_apart_where_the_model_name_does_not(
        self, cores: list[tuple[int, str]]
    ) -> None:
        text = "\n".join(
            f"processor\t: {i}\nmodel name\t: ARMv7\nCPU implementer\t: 0x41\nCPU part\t: {part:#x}\n"
            for i, (part, _) in enumerate(cores)
        )
        assert parse_cpuinfo(text).cores == {i: CoreKind(name, part) for i, (part, name) in enumerate(cores)}

    def test_an_old_kernel_prints_the_part_once_after_all_processors(self) -> None:
        text = "Processor: ARMv7\nprocessor: 0\n\nprocessor: 1\n\nCPU implementer: 0x41\nCPU part: 0xc09\n"
        assert set(parse_cpuinfo(text).cores.values()) == {CoreKind("Cortex-A9", 0xC09)}

    def test_an_unknown_part_is_named_by_its_number(self) -> None:
        text = "processor\t: 0\nCPU implementer\t: 0x51\nCPU part\t: 0xc07\n"
        assert parse_cpuinfo(text).cores == {0: CoreKind("CPU part 0xc07", 0xC07)}

    def test_an_x86_name_loses_trade_marks_and_clock(self) -> None:
        text = "processor: 0\nvendor_id: GenuineIntel\nmodel name: Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz\n"
        info = parse_cpuinfo(text)
        assert (info.model_name, info.architecture, info.virtual) == ("Intel Core i5-6500", "x86", False)

    def test_a_hypervisor_flag_is_a_virtual_machine(self) -> None:
        assert parse_cpuinfo("processor: 0\nflags: fpu hypervisor lm\n").virtual

    @given(
        st.text()
        | st.lists(st.sampled_from(["processor", ":", "\n", " 1", "CPU part", "0xzz", "\t"])).map("".join)
    )
    def test_any_text_is_understood_as_far_as_it_goes(self, text: str) -> None:
        assert all(cpu >= 0 for cpu in parse_cpuinfo(text).cores)


class TestFrequencies:
    @given(st.sets(st.integers(1, 10**7)), st.randoms())
    def test_khz_in_any_order_become_hz_upwards(self, khz: set[int], random: object) -> None:
        shuffled = sorted(khz)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        assert parse_frequencies(" ".join(map(str, shuffled)) + " \n") == tuple(k * 1000 for k in sorted(khz))

    @given(st.text())
    def test_any_text_gives_positive_frequencies_upwards(self, text: str) -> None:
        frequencies = parse_frequencies(text)
        assert all(frequency > 0 for frequency in frequencies)
        assert list(frequencies) == sorted(frequencies)


class TestTimeInState:
    @given(st.dictionaries(st.integers(1, 10**7), st.integers(0, 10**12)))
    def test_a_tick_is_ten_milliseconds(self, ticks: dict[int, int]) -> None:
        text = "".join(f"{khz} {count}\n" for khz, count in ticks.items())
        assert parse_time_in_state(text) == {k * 1000: n * 10 * MS for k, n in ticks.items()}

    @pytest.mark.parametrize("text", ["1400000", "1400000 x", "1400000 -1", "1 2 3", "1400000 1\n\n200000 2"])
    def test_a_torn_line_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="frequency and a time"):
            parse_time_in_state(text)


class TestCoolingStatistics:
    @given(st.dictionaries(st.integers(0, 100), st.integers(0, 10**15)))
    def test_milliseconds_become_nanoseconds(self, times: dict[int, int]) -> None:
        text = "".join(f"state{state}\t{ms}\n" for state, ms in times.items())
        assert parse_state_times(text) == {state: ms * MS for state, ms in times.items()}

    @pytest.mark.parametrize("text", ["state0", "0 12", "state0 -1", "state 1"])
    def test_another_line_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="state and a time"):
            parse_state_times(text)


class TestVendorTmu:
    @given(st.dictionaries(st.integers(0, 9), st.integers(-40_000, 254_000)))
    def test_each_line_is_a_sensor_in_millidegrees(self, sensors: dict[int, int]) -> None:
        text = "".join(f"sensor{i} : {mc}\n" for i, mc in sensors.items())
        assert parse_tmu_lines(text) == {f"sensor{i}": mc / 1000 for i, mc in sensors.items()}

    @given(st.text())
    def test_other_lines_are_passed_over(self, text: str) -> None:
        assert set(parse_tmu_lines(f"{text}\nsensor0 : 46000\n")) >= {"sensor0"}

    def test_one_number_is_no_sensor(self) -> None:
        assert parse_tmu_lines("46000\n") == {}


class TestProcStat:
    @given(st.lists(st.lists(st.integers(0, 10**12), min_size=10, max_size=10), min_size=1, max_size=8))
    def test_busy_is_all_but_idle_and_iowait_and_guest_is_not_counted_twice(
        self, rows: list[list[int]]
    ) -> None:
        lines = "\n".join(f"cpu{i} {' '.join(map(str, row))}" for i, row in enumerate(rows))
        expected = {i: (sum(row[:3]) + sum(row[5:8])) * 10 * MS for i, row in enumerate(rows)}
        assert parse_busy_ns(f"cpu  1 2 3 4\n{lines}\nintr 5 6\n") == expected

    @given(st.text())
    def test_any_text_is_understood_as_far_as_it_goes(self, text: str) -> None:
        assert all(busy >= 0 for busy in parse_busy_ns(text).values())
