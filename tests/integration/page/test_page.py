"""The built-in page in a real browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pytest

from edged.clock import NS_PER_S
from edged.exposition.snapshot import Snapshot
from tests.integration.page.boards import (
    MARKUP,
    hostile,
    measured,
    moments,
    throttled,
    unmeasured,
    without_sensors,
)
from tests.integration.page.conftest import Served
from tests.integration.page.seen import seen

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BOARDS = [measured, throttled, unmeasured, without_sensors, hostile]


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_is_drawn_without_a_complaint_and_without_asking_anybody_else(
    browser: "Browser", served: Served, board: Callable[[], Snapshot]
) -> None:
    served.snapshot = board()
    with seen(browser, served.url) as found:
        assert found.complaints == []
        assert len(found.asked) > 5
        assert all(url.startswith(served.url) for url in found.asked)


@pytest.mark.parametrize("scripts", [True, False])
def test_every_case_has_its_row_with_its_figures(browser: "Browser", served: Served, scripts: bool) -> None:
    with seen(browser, served.url, scripts=scripts) as found:
        rows = found.page.locator("#cases tr[data-case]")
        assert rows.count() == 16
        row = found.page.locator('tr[data-case="mobilenet_v1_0.5_224@big"]').inner_text()
        assert [
            word
            for word in ("68.871", "± 0.069 ms", "14.52", "137.7", "± 1.4 mJ", "63.2 %")
            if word not in row
        ] == []
        assert "valid" in row


def test_without_javascript_the_board_now_and_what_runs_are_told(browser: "Browser", served: Served) -> None:
    with seen(browser, served.url, scripts=False) as found:
        text = found.page.locator("body").inner_text()
        for word in (
            "Measuring",
            "MobileNet v1 α 0.25 FP32 on big",
            "1.75 W",
            "1.80 GHz",
            "61.5 °C",
            "need JavaScript",
        ):
            assert word in text


def test_what_runs_and_what_comes_next_stand_on_top(browser: "Browser", served: Served) -> None:
    with seen(browser, served.url) as found:
        text = found.page.locator("#activity").inner_text()
        assert "Measuring MobileNet v1 α 0.25 FP32 on big, for 3 s" in text
        assert "Next: MobileNet v1 α 0.25 INT8 on big" in text
        assert (
            found.page.locator('tr[data-case="mobilenet_v1_0.25_224@big"]')
            .inner_text()
            .endswith("measuring now")
        )


def test_a_throttled_board_says_so_and_why_it_waits_and_why_a_result_is_old(
    browser: "Browser", served: Served
) -> None:
    served.snapshot = throttled()
    with seen(browser, served.url) as found:
        page = found.page
        assert "Waiting big is at 81 °C (for 60 s so far)" in page.locator("#activity").inner_text()
        strips = page.locator("[data-panel=throttling]")
        assert "throttled" in (strips.text_content() or "")
        assert strips.locator("rect.held").count() == 1
        assert page.locator("[data-panel=power] rect.throttled").count() == 1
        row = page.locator("#cases tr[data-case]").first.inner_text()
        assert "rejected: throttled 30 s ago" in row
        assert "22.800" in row


def test_the_throttled_stretch_is_as_long_as_it_was(browser: "Browser", served: Served) -> None:
    served.snapshot = throttled()
    with seen(browser, served.url) as found:
        strip = found.page.locator("[data-panel=throttling] line.strip").first
        whole = float(strip.get_attribute("x2") or 0) - float(strip.get_attribute("x1") or 0)
        held = float(found.page.locator("rect.held").get_attribute("width") or 0)
        # Each flag tells of the second before it: 10 of 119.
        assert held / whole == pytest.approx(10 / 119, rel=0.01)


def test_a_board_that_has_just_begun_explains_its_empty_plots(browser: "Browser", served: Served) -> None:
    served.snapshot = unmeasured()
    with seen(browser, served.url) as found:
        text = found.page.locator("main").inner_text()
        assert text.count("not measured yet") == 15  # one of them is being measured
        assert text.count("No valid result") == 5
        assert found.page.locator("[data-plot=memory-] .point").count() == 8


@pytest.mark.parametrize("scripts", [True, False])
def test_a_board_without_sensors_shows_no_joule_and_the_three_ways_to_get_them(
    browser: "Browser", served: Served, scripts: bool
) -> None:
    served.snapshot = without_sensors()
    with seen(browser, served.url, scripts=scripts) as found:
        page = found.page
        text = page.locator("body").inner_text()
        assert not re.search(r"\d\s*[mµ]?[JW]\b", text)
        assert page.locator("[data-plot^=energy]").count() == 0
        assert page.locator("th.energy").count() == 0
        assert page.locator(".absence li").all_inner_texts() == [
            "an INA226",
            "a SmartPower3",
            "a SmartPower2",
        ]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_name_that_is_markup_stays_text(browser: "Browser", served: Served, scripts: bool) -> None:
    served.snapshot = hostile()
    with seen(browser, served.url, scripts=scripts) as found:
        page = found.page
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 1
        assert page.title() == f"{MARKUP}: edged"
        assert MARKUP in page.locator("#cases").inner_text()


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_board_says_so_loudly_and_a_real_one_does_not(
    browser: "Browser", served: Served, simulated: bool
) -> None:
    served.snapshot = replace(measured(), simulated=simulated)
    with seen(browser, served.url) as found:
        assert found.page.get_by_text("SIMULATED BOARD").count() == int(simulated)


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_scrolls_in_one_direction_only(
    browser: "Browser", served: Served, board: Callable[[], Snapshot], scripts: bool
) -> None:
    served.snapshot = board()
    with seen(browser, served.url, width=360, scripts=scripts) as found:
        assert found.page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_newest_values_stand_at_the_ends_of_the_lines_without_overlap(
    browser: "Browser", served: Served
) -> None:
    with seen(browser, served.url) as found:
        ends = found.page.locator("[data-panel=power] text.end")
        assert sorted(ends.all_text_contents()) == ["big 1.75 W", "gpu 0.06 W", "little 0.13 W", "mem 0.06 W"]
        boxes = [each.bounding_box() for each in ends.all()]
        tops = sorted(box["y"] for box in boxes if box)
        assert len(tops) == 4
        # Letters are 12 pixels high, their boxes higher.
        assert all(lower - upper >= 14 for upper, lower in pairwise(tops))


def test_new_moments_are_joined_to_those_before(browser: "Browser", served: Served) -> None:
    with seen(browser, served.url) as found:
        later = replace(moments(1, powers_w=(("big", 0.5),))[0], at_ns=served.snapshot.at_ns + NS_PER_S)
        served.snapshot = replace(
            served.snapshot, at_ns=later.at_ns, history=(*served.snapshot.history, later)
        )
        found.page.locator("[data-panel=power] text.end", has_text="big 0.50 W").wait_for()
        assert any("history?after=1000" in url for url in found.asked)


def test_the_keyboard_reaches_every_point_and_reads_it(browser: "Browser", served: Served) -> None:
    with seen(browser, served.url) as found:
        page = found.page
        plot = page.locator("[data-plot=latency-big]")
        plot.locator(".point").first.focus()
        heard = []
        for _ in range(8):
            heard.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
            assert plot.locator(".readout").inner_text() == heard[-1]
            page.keyboard.press("Tab")
        assert len(set(heard)) == 8
        assert heard[0] == (
            "MobileNet v1 α 0.25 INT8 on big: 17.822 ± 0.018 ms, 48.2 % top-1, "
            "on the front, certain within U95"
        )
        # The next stop is the table beneath, and it opens.
        page.keyboard.press("Enter")
        assert plot.locator("details[open] tbody tr").count() == 8


def test_a_focused_point_keeps_the_focus_while_the_page_renews_itself(
    browser: "Browser", served: Served
) -> None:
    with seen(browser, served.url) as found:
        page = found.page
        page.locator("[data-plot=latency-big] .point").first.focus()
        with page.expect_response(lambda response: response.url.endswith("tradeoffs")):
            pass
        page.wait_for_timeout(100)
        assert "point" in page.evaluate("document.activeElement.getAttribute('class')")


def test_a_daemon_that_goes_away_is_noticed_and_one_that_comes_back_too(
    browser: "Browser", served: Served
) -> None:
    with seen(browser, served.url) as found:
        served.stop()
        found.page.wait_for_selector("#link.lost")
        assert re.search(
            r"No answer from the daemon. What is shown is \d+ s old", found.page.locator("#link").inner_text()
        )
        assert found.page.locator("#cases tr[data-case]").count() == 16
        served.start_again()
        served.snapshot = replace(served.snapshot, at_ns=served.snapshot.at_ns + NS_PER_S)
        found.page.wait_for_selector("#link.live")


def test_a_daemon_that_answers_but_is_stuck_is_noticed(browser: "Browser", served: Served) -> None:
    with seen(browser, served.url) as found:
        found.page.wait_for_selector("#link.lost")
        assert "tells nothing new" in found.page.locator("#link").inner_text()


CONTRASTS = """
() => {
  const luminance = ([r, g, b]) => [r, g, b]
    .map((each) => each / 255).map((each) => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (node) => {
    for (let each = node; each; each = each.parentElement) {
      const found = rgb(getComputedStyle(each).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const all = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (["SCRIPT", "NOSCRIPT", "title", "desc"].includes(node.tagName)) continue;
    if (!walker.currentNode.textContent.trim()) continue;
    const style = getComputedStyle(node);
    const text = rgb(node instanceof SVGElement ? style.fill : style.color).slice(0, 3);
    const [light, dark] = [luminance(text), luminance(behind(node))].sort((one, other) => other - one);
    all.push([(light + 0.05) / (dark + 0.05), walker.currentNode.textContent.trim().slice(0, 40)]);
  }
  return all;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("board", [throttled, without_sensors])
def test_all_text_stands_out_from_what_is_behind_it(
    browser: "Browser", served: Served, board: Callable[[], Snapshot], scheme: 'Literal["light", "dark"]'
) -> None:
    served.snapshot = replace(board(), simulated=True)
    with seen(browser, served.url, scheme=scheme) as found:
        contrasts = found.page.evaluate(CONTRASTS)
        assert len(contrasts) > 150
        assert [each for each in contrasts if each[0] < 4.5] == []
        ground = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground))) < 300) == (scheme == "dark")
