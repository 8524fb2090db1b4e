"""Dumps: the format, rebuilding a tree from one, and writing one without secrets."""

import contextlib
import errno
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edged.board.discover import discover
from edged.board.dump import scrub, write_dump
from edged.board.dump_lines import Attribute, Entry, FailingRead, Link, format_entry, parse_lines
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.unpack import unpack_dump
from edged.errors import EdgedError, UsageError
from tests.boards import NAMES, tree

names = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in {".", ".."}
)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
entries: st.SearchStrategy[Entry] = st.one_of(
    st.builds(Attribute, paths, st.binary()),
    st.builds(
        Link, paths, st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
    ),
    st.builds(FailingRead, paths, st.sampled_from(sorted(errno.errorcode))),
)


def dumped(sysfs: Sysfs) -> str:
    out = io.StringIO()
    write_dump(sysfs, out)
    return out.getvalue()


class TestFormat:
    @given(entries)
    def test_every_entry_survives_being_written_and_read(self, entry: Entry) -> None:
        line = format_entry(entry)
        assert "\n" not in line
        assert [read for _, read in parse_lines(line, "dump")] == [entry]

    @given(st.text())
    def test_any_text_is_a_dump_or_an_error_that_names_the_line(self, text: str) -> None:
        where = "some.tsv, line "
        try:
            list(parse_lines(text, "some.tsv"))
        except EdgedError as error:
            where = error.where
        assert where.startswith("some.tsv, line ")

    @pytest.mark.parametrize(
        ("line", "what"),
        [
            ("/sys/a", "no tab"),
            ("sys/a\tx", "does not begin with /"),
            ("/sys/../../etc/passwd\tx", ".."),
            ("/sys//a\tx", "empty part"),
            ("/sys/a\\0b\tx", "NUL"),
            ("/sys/a\tx\\q", "not an escape"),
            ("/sys/a\tx\\x4", "not an escape"),
            ("/sys/a\t!EWRONG", "not the name of an error"),
            ("/sys/a\t-> ", "no target"),
            ("/sys/\\xff\tx", "UTF-8"),
        ],
    )
    def test_a_malformed_line_is_named(self, line: str, what: str) -> None:
        with pytest.raises(EdgedError, match="line 3") as caught:
            list(parse_lines(f"# a comment\n\n{line}\n", "some.tsv"))
        assert what in caught.value.what


class TestUnpacking:
    def test_files_links_and_failing_reads_are_as_they_were(self, tmp_path: Path) -> None:
        text = (
            "/sys/class/hwmon/hwmon0\t-> ../../devices/chip/hwmon0\n"
            "/sys/class/hwmon/hwmon0/name\tina231\\n\n"
            "/sys/class/hwmon/hwmon0/power1_input\t!EIO\n"
        )
        sysfs = unpack_dump(text, tmp_path)
        assert sysfs.read("sys/devices/chip/hwmon0/name") == "ina231"
        for path in ("sys/class/hwmon/hwmon0/power1_input", "sys/devices/chip/hwmon0/power1_input"):
            with pytest.raises(SysfsError) as caught:
                sysfs.read(path)
            assert caught.value.code == errno.EIO

    def test_the_target_of_a_link_is_there_though_the_dump_has_nothing_in_it(self, tmp_path: Path) -> None:
        assert unpack_dump("/sys/bus/i2c/devices/0-0040/driver\t-> ../../drivers/ina2xx\n", tmp_path).exists(
            "sys/bus/i2c/devices/0-0040/driver"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "/a\t-> /etc\n/a/passwd\tx\n",
            "/a\t-> ../outside\n",
            "/a/b\t-> ../../outside\n/a/b/c\tx\n",
            "/a\t-> b/c\n/b/c\t-> ../..\n",
            "/a\t-> .\n/a/b\t-> ../../outside\n",
        ],
    )
    def test_a_link_that_leads_out_is_refused_and_nothing_is_written(self, text: str, tmp_path: Path) -> None:
        inside = tmp_path / "inside"
        with pytest.raises(EdgedError, match="lead"):
            unpack_dump(text, inside)
        assert not inside.exists()
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("/a\tx\n/a\ty\n", "there already"),
            ("/a\tx\n/a/b\ty\n", "no directory"),
            ("/a/b\tx\n/a\ty\n", "a directory already"),
            ("/a\t-> b\n/b\t-> a\n/a/c\tx\n", "loop"),
        ],
    )
    def test_a_dump_that_contradicts_itself_is_refused(self, text: str, what: str, tmp_path: Path) -> None:
        with pytest.raises(EdgedError, match="line") as caught:
            unpack_dump(text, tmp_path)
        assert what in caught.value.what
        assert list(tmp_path.iterdir()) == []

    def test_a_name_too_long_for_the_file_system_is_an_error_in_words(self, tmp_path: Path) -> None:
        with pytest.raises(EdgedError, match="cannot be unpacked"):
            unpack_dump(f"/{'a' * 300}\tx\n", tmp_path)

    def test_a_directory_that_is_not_empty_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "mine").touch()
        with pytest.raises(UsageError, match="not empty"):
            unpack_dump("/a\tx\n", tmp_path)

    @settings(max_examples=50)
    @given(st.lists(entries, max_size=8), st.data())
    def test_nothing_is_ever_written_outside(
        self, tmp_path_factory: pytest.TempPathFactory, made: list[Entry], data: st.DataObject
    ) -> None:
        outside = tmp_path_factory.mktemp("outside")
        targets = st.lists(st.sampled_from(["..", "a", "b", "."]), min_size=1, max_size=5).map("/".join)
        places = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3).map("/".join)
        links: list[Entry] = [
            Link(data.draw(places), data.draw(targets)) for _ in range(data.draw(st.integers(0, 4)))
        ]
        files: list[Entry] = [Attribute(data.draw(places), b"x") for _ in range(data.draw(st.integers(0, 3)))]
        text = "\n".join(format_entry(entry) for entry in [*links, *files, *made])
        with contextlib.suppress(EdgedError):
            unpack_dump(text, outside / "inside")
        assert {path.name for path in outside.iterdir()} <= {"inside"}
        for path in outside.rglob("*"):
            # A link that leads nowhere, or round in a loop, leads to nothing outside either.
            with contextlib.suppress(OSError):
                assert Path(os.path.realpath(path, strict=True)).is_relative_to(outside / "inside")


class TestWriting:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_dump_of_an_unpacked_dump_is_the_dump(self, name: str, tmp_path: Path) -> None:
        assert dumped(unpack_dump(tree(name), tmp_path)) == tree(name)

    def test_only_what_is_allowed_leaves_the_machine(self, tmp_path: Path) -> None:
        secret = "s3cr3t"
        for path in (
            "proc/device-tree/serial-number",
            "sys/devices/soc0/serial_number",
            "sys/class/dmi/id/product_uuid",
            "sys/class/dmi/id/board_serial",
            "sys/class/net/eth0/address",
            "proc/sys/kernel/hostname",
            "proc/sys/kernel/random/boot_id",
            "proc/version",
            "proc/cmdline",
            "etc/machine-id",
            "sys/devices/usb1/1-1/serial",
        ):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(f"{secret}\n")
        (tmp_path / "proc/sys/kernel/osrelease").write_text(f"6.6.75-{secret}\n")
        (tmp_path / "sys/devices/usb1/1-1/idVendor").write_text("10c4\n")
        (tmp_path / "sys/devices/usb1/1-1/idProduct").write_text("ea60\n")
        (tmp_path / "sys/devices/usb1/1-1/tty/ttyUSB0").mkdir(parents=True)
        (tmp_path / "sys/class/tty").mkdir()
        (tmp_path / "sys/class/tty/ttyUSB0").symlink_to("../../devices/usb1/1-1/tty/ttyUSB0")
        text = dumped(Sysfs(tmp_path))
        assert secret not in text
        assert "6.6.75-host" in text
        assert "idVendor\t10c4" in text

    def test_the_serial_line_of_cpuinfo_is_zeroed(self) -> None:
        text = b"Hardware\t: ODROID-XU4\nRevision\t: 0100\nSerial\t\t: 1234567890abcdef\n"
        assert scrub("proc/cpuinfo", text) == text.replace(b"1234567890abcdef", b"0" * 16)

    @given(st.lists(st.integers(0, 255), min_size=6, max_size=6), st.sampled_from(":-"))
    def test_a_mac_address_inside_a_name_is_zeroed(self, mac: list[int], separator: str) -> None:
        address = separator.join(f"{byte:02x}" for byte in mac)
        name = f"controller_battery_{address}\n".encode()
        assert scrub("sys/class/hwmon/hwmon0/name", name) == b"controller_battery_00:00:00:00:00:00\n"

    def test_of_proc_stat_only_the_lines_of_cpus_are_kept(self) -> None:
        text = b"cpu  1 2 3 4\ncpu0 1 2 3 4\nintr 99 1\nbtime 1700000000\n"
        assert scrub("proc/stat", text) == b"cpu0 1 2 3 4\n"

    def test_an_attribute_that_cannot_be_read_is_dumped_as_the_error(self, tmp_path: Path) -> None:
        text = "/proc/cpuinfo\t!EIO\n"
        assert text in dumped(unpack_dump(text, tmp_path))

    def test_a_file_by_an_absolute_link_is_dumped_where_it_was_asked_for(self, tmp_path: Path) -> None:
        base = tmp_path / "sys/firmware/devicetree/base"
        base.mkdir(parents=True)
        (base / "model").write_bytes(b"Some board\0")
        (tmp_path / "proc").mkdir()
        (tmp_path / "proc/device-tree").symlink_to(base)
        assert "/proc/device-tree/model\tSome board\\0\n" in dumped(Sysfs(tmp_path))

    def test_the_board_of_a_dump_is_the_board(self, tmp_path: Path) -> None:
        first = unpack_dump(tree("xu3-mainline"), tmp_path / "first")
        again = unpack_dump(dumped(first), tmp_path / "again")
        assert discover(again) == discover(first)
