"""The report as Chromium shows it: on a bright screen and a dark one, on a phone and on paper."""

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from edged import paper
from tests.integration.page.test_page import CONTRASTS
from tests.integration.report.boards import (
    Shown,
    could_do_little,
    has_every_sensor,
    is_not_sure,
    repeats_the_paper,
)
from tests.integration.report.looked_at import (
    COVERING,
    MARKS,
    OUTSIDE,
    TEXTS,
    WAYS,
    Axes,
    Way,
    looked_at,
)
from tests.unit.report.boards import BUSY_W

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BOARDS = [repeats_the_paper, could_do_little, is_not_sure]
BRIGHT, DARK, PHONE, PRINT, _ = WAYS
by_board = pytest.mark.parametrize("make", BOARDS)
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)

Make = Callable[[Path], Shown]


def names(shown: Shown) -> list[str]:
    """Of the figures that a board should have."""
    clusters = [f"figure-5-latency-{cluster}" for cluster in shown.board.clusters]
    energy = ["energy", "energy-latency"] if any(case.energy_j for case in shown.board.cases) else []
    return ["figure-4-memory", *clusters, *energy]


def wanted(shown: Shown, name: str) -> dict[str, tuple[float, float]]:
    """Where each of the board's marks belongs, in the units of the axes, by the beginning of its words."""
    places: dict[str, tuple[float, float]] = {}
    for case in shown.board.cases:
        words = f"{case.model.name}@{case.cpu_cluster}:"
        assert case.model.accuracy
        top1, energy = 100 * case.model.accuracy.top1_ratio, case.energy_j
        if name == "figure-4-memory":
            places[f"{case.model.name}:"] = (shown.board.size_bytes[case.model.name] / 1e6, top1)
        elif name == f"figure-5-latency-{case.cpu_cluster}":
            places[words] = (1e3 * case.latency_s.value, top1)
        elif name == "energy" and energy:
            places[words] = (1e3 * energy.value, top1)
        elif name == "energy-latency" and energy:
            places[words] = (1e3 * case.latency_s.value, 1e3 * energy.value)
    return places


@by_board
@every_way
def test_nothing_overflows_overlaps_complains_or_leaves_the_file(
    browser: "Browser", tmp_path: Path, make: Make, way: Way
) -> None:
    shown = make(tmp_path)
    with looked_at(browser, shown.url, way) as found:
        assert found.complaints == []
        assert found.asked == [shown.url]
        assert found.page.evaluate("document.documentElement.scrollWidth") <= way.width
        assert found.page.evaluate(OUTSIDE, way.media == "print") == []
        assert found.page.evaluate(COVERING) == []


@pytest.mark.parametrize("width", [1200, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_table_fits_the_screen_of_a_desk(
    browser: "Browser", tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    with looked_at(browser, has_every_sensor(tmp_path).url, Way("desk", width, scheme)) as found:
        wide = found.page.locator(".wide:has(table)")
        assert (
            wide.evaluate_all("all => all.filter((each) => each.scrollWidth > each.clientWidth).length") == 0
        )
        # No figure is cut off from its U95, and no name goes on in a second line.
        heights = found.page.locator(".numbers tbody td").evaluate_all(
            "all => all.map((each) => each.clientHeight)"
        )
        assert len(heights) > 300
        assert max(heights) < 1.5 * min(heights)


def test_on_a_phone_a_row_keeps_its_name_while_it_is_scrolled(browser: "Browser", tmp_path: Path) -> None:
    with looked_at(browser, has_every_sensor(tmp_path).url, PHONE) as found:
        energies = found.page.locator(".wide:has(.numbers)").last
        energies.evaluate("(each) => { each.scrollLeft = each.scrollWidth; }")
        name = energies.locator("tbody td").first.bounding_box()
        last = energies.locator("tbody tr").first.locator("td").last.bounding_box()
        assert name
        assert last
        assert name["x"] >= 0
        assert name["x"] + name["width"] <= last["x"] + 0.5
        assert last["x"] + last["width"] <= PHONE.width


@by_board
@every_way
def test_every_point_lies_where_its_value_says(
    browser: "Browser", tmp_path: Path, make: Make, way: Way
) -> None:
    shown = make(tmp_path)
    with looked_at(browser, shown.url, way) as found:
        drawn = found.page.locator("svg.plot").evaluate_all(
            "all => all.map((each) => each.getAttribute('aria-labelledby').split('-title')[0])"
        )
        assert drawn == names(shown)
        for name in drawn:
            plot = found.plot(name)
            axes = Axes(plot)
            assert axes.all_ticks_agree()
            marks: list[dict[str, Any]] = plot.evaluate(MARKS)
            own = [mark for mark in marks if not mark["text"].startswith("paper:")]
            places = wanted(shown, name)
            assert len(own) == len(places)
            for words, (x, y) in places.items():
                (mark,) = [mark for mark in own if mark["text"].startswith(words)]
                assert (mark["x"], mark["y"]) == pytest.approx((axes.x(x), axes.y(y)), abs=0.8), words


@by_board
@every_way
def test_no_words_of_a_figure_cover_other_words_or_points_or_leave_it(
    browser: "Browser", tmp_path: Path, make: Make, way: Way
) -> None:
    shown = make(tmp_path)
    with looked_at(browser, shown.url, way) as found:
        for name in names(shown):
            plot = found.plot(name)
            texts: list[dict[str, Any]] = plot.evaluate(TEXTS)
            marks: list[dict[str, Any]] = plot.evaluate(MARKS)
            frame = plot.bounding_box()
            assert frame
            assert [
                text["words"]
                for text in texts
                if text["left"] < frame["x"] - 0.5 or text["right"] > frame["x"] + frame["width"] + 0.5
            ] == []
            assert [(a["words"], b["words"]) for a, b in combinations(texts, 2) if cover(a, b)] == []
            assert [(a["words"], b["text"]) for a in texts for b in marks if cover(a, b)] == []
            shown_px = frame["width"] / 560 * 12
            assert shown_px >= 9.5, "letters too small to read"


def cover(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two boxes share more than a hair."""
    width = min(one["right"], other["right"]) - max(one["left"], other["left"])
    height = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return bool(width > 0.5 and height > 0.5)


@every_way
def test_error_bars_are_as_long_as_u95(browser: "Browser", tmp_path: Path, way: Way) -> None:
    shown = is_not_sure(tmp_path)
    with looked_at(browser, shown.url, way) as found:
        latency, both = found.plot("figure-5-latency-big"), found.plot("energy-latency")
        axes = Axes(latency)
        scale = (latency.bounding_box() or {"width": 0.0})["width"] / 560
        marks: list[dict[str, Any]] = latency.evaluate(MARKS)
        cases = [case for case in shown.board.cases if case.cpu_cluster == "big"]
        for case in cases:
            (mark,) = [mark for mark in marks if mark["text"].startswith(f"{case.model.name}@")]
            left, right, *_ = mark["xBar"]
            ends = [1e3 * (case.latency_s.value + sign * case.latency_s.u95) for sign in (-1, 1)]
            # getBoundingClientRect leaves strokes out.
            assert (left, right) == pytest.approx([axes.x(end) for end in ends], abs=0.8 * scale + 0.5)
        axes = Axes(both)
        case = cases[-1]
        (mark,) = [mark for mark in both.evaluate(MARKS) if mark["text"].startswith(f"{case.model.name}@big")]
        assert case.energy_j
        assert case.energy_j.value == pytest.approx(BUSY_W["big"] * case.latency_s.value)
        ends = [1e3 * (case.energy_j.value + sign * case.energy_j.u95) for sign in (1, -1)]
        assert mark["yBar"][2:] == pytest.approx([axes.y(end) for end in ends], abs=0.8 * scale + 0.5)


def test_alpha_0_5_fp32_is_on_the_front_of_the_a15_and_only_there(browser: "Browser", tmp_path: Path) -> None:
    shown = repeats_the_paper(tmp_path)
    with looked_at(browser, shown.url, BRIGHT) as found:
        rings = {}
        for cluster in ("big", "little"):
            marks: list[dict[str, Any]] = found.plot(f"figure-5-latency-{cluster}").evaluate(MARKS)
            rings[cluster] = {mark["text"].split("@")[0] for mark in marks if mark["ring"]}
        assert rings["big"] - rings["little"] == {"mobilenet_v1_0.5_224"}
        assert rings["little"] < rings["big"]


@by_board
def test_the_slips_of_the_paper_are_marked_where_they_are_drawn_and_told_in_words(
    browser: "Browser", tmp_path: Path, make: Make
) -> None:
    shown = make(tmp_path)
    slip = paper.published_model("1.0", "int8")
    assert slip
    with looked_at(browser, shown.url, BRIGHT) as found:
        for name, x in (("figure-4-memory", 3.4), ("figure-5-latency-big", 1e3 / 8.96)):
            plot = found.plot(name)
            axes = Axes(plot)
            (mark,) = [mark for mark in plot.evaluate(MARKS) if "MobileNet v2" in mark["text"]]
            assert (mark["x"], mark["y"]) == pytest.approx((axes.x(x), axes.y(70.8)), abs=0.8)
            assert mark["fill"] == "none"
            (label,) = [text for text in plot.evaluate(TEXTS) if "MobileNet v2" in text["words"]]
            near = min(abs(mark["x"] - label[side]) for side in ("left", "right"))
            assert near < 30 or label["left"] < mark["x"] < label["right"]
        text = found.page.locator("main").inner_text()
        assert "70.8 %" in text
        assert "3.4 MB" in text
        l9 = found.page.locator("tr", has=found.page.get_by_text("L9", exact=True)).inner_text()
        assert re.search(r"does not hold: 2\.154 ± 0\.003, printed 2\.21", l9)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (repeats_the_paper, {"L14": "holds", "L9": "does not hold", "M4": "holds in part", "L17": "holds"}),
        (could_do_little, {"L1": "not measured", "L9": "not measured", "L4": "holds", "L8": "not certain"}),
        (is_not_sure, {"L15": "not certain", "L14": "holds", "L5": "holds", "M1": "holds in part"}),
    ],
)
@pytest.mark.parametrize("way", [BRIGHT, PHONE, PRINT], ids=lambda way: way.name)
def test_claims_that_hold_do_not_or_cannot_be_told_say_so_in_words_and_colour(
    browser: "Browser", tmp_path: Path, make: Make, expected: dict[str, str], way: Way
) -> None:
    with looked_at(browser, make(tmp_path).url, way) as found:
        colours = {}
        for claim, verdict in expected.items():
            row = found.page.locator("tr", has=found.page.get_by_text(claim, exact=True))
            said = row.locator("td").last.locator("strong")
            assert (claim, said.inner_text()) == (claim, verdict)
            assert said.is_visible()
            # What is not certain and what was not measured cannot be told, and look it.
            colours["open" if verdict.startswith("not ") else verdict] = said.evaluate(
                "(node) => getComputedStyle(node).color"
            )
        assert len(set(colours.values())) == len(colours)


def test_every_claim_has_its_row(browser: "Browser", tmp_path: Path) -> None:
    with looked_at(browser, repeats_the_paper(tmp_path).url, BRIGHT) as found:
        cells = found.page.locator("table.stacked td:first-child").all_inner_texts()
        assert [cell for cell in cells if re.fullmatch(r"L\d+", cell)] == [f"L{n}" for n in range(1, 18)]
        assert [cell for cell in cells if re.fullmatch(r"M\d+", cell)] == [f"M{n}" for n in range(1, 18)]
        assert "20 hold on this board, 4 hold in part, 4 do not" in found.page.locator("main").inner_text()


@pytest.mark.parametrize("way", [BRIGHT, DARK, PRINT], ids=lambda way: way.name)
def test_what_is_simulated_lacks_sensors_or_was_rejected_is_told(
    browser: "Browser", tmp_path: Path, way: Way
) -> None:
    with looked_at(browser, could_do_little(tmp_path).url, way) as found:
        text = found.page.locator("main").inner_text()
        assert "Inference on Hardkernel Odroid XU4" in text
        assert "SIMULATED: simulated xu4" in text
        assert "Nothing measured power on this board" in text
        assert "1 for throttled" in text
        assert re.search(r"\bm?J\b", text) is None
        notes = found.page.locator("svg .note").all_text_contents()
        assert notes == ["SIMULATED"] * found.page.locator("svg.plot").count()


@by_board
@every_way
def test_all_words_stand_out_from_what_is_behind_them(
    browser: "Browser", tmp_path: Path, make: Make, way: Way
) -> None:
    with looked_at(browser, make(tmp_path).url, way) as found:
        contrasts = found.page.evaluate(CONTRASTS)
        assert len(contrasts) > 150
        assert [each for each in contrasts if each[0] < 4.5] == []
        ground = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
        plots = found.page.locator("svg .ground").evaluate_all(
            "all => all.map((each) => getComputedStyle(each).fill)"
        )
        assert set(plots) == {ground}
        is_dark = sum(map(int, re.findall(r"\d+", ground))) < 300
        assert is_dark == (way.scheme == "dark" and way.media == "screen")


def test_a_figure_by_itself_looks_as_it_does_on_the_page(browser: "Browser", tmp_path: Path) -> None:
    from edged.report.document import svg_file  # noqa: PLC0415
    from edged.report.figures import figures  # noqa: PLC0415

    shown = is_not_sure(tmp_path)
    for figure in figures(shown.board):
        file = tmp_path / f"{figure.name}.svg"
        file.write_text(svg_file(figure), encoding="utf-8")
        with looked_at(browser, file.as_uri(), DARK) as alone, looked_at(browser, shown.url, BRIGHT) as page:
            assert alone.asked == [file.as_uri()]
            alone_marks = alone.page.locator("svg").evaluate(MARKS)
            page_marks = page.plot(figure.name).evaluate(MARKS)
            # Light in a dark surrounding too: it is for paper.
            assert [mark["fill"] for mark in alone_marks] == [mark["fill"] for mark in page_marks]
            assert len(alone_marks) == len(figure.plot.marks)
            words = alone.page.locator("svg > title, svg > desc").all_text_contents()
            assert words[0] == figure.plot.title
            assert all(mark.text in words[1] for mark in figure.plot.marks)
