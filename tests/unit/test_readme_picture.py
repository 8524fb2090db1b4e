"""The README's picture shows what it says, and says that it is simulated."""

import re

import pytest

from tests.readme_picture import PICTURE


def test_the_picture_is_marked_simulated_and_shows_the_papers_cases() -> None:
    text = re.sub(r"<[^>]*>", "", PICTURE.read_text(encoding="utf-8")).replace("&#160;", " ")
    assert "SIMULATED XU3" in text
    assert text.count(" mJ") == 16
    assert text.count("valid") == 16


def test_the_picture_fetches_nothing() -> None:
    drawn = PICTURE.read_text(encoding="utf-8")
    assert "url(" not in drawn.replace("url(#", "")
    assert "<image" not in drawn


@pytest.mark.parametrize("name", ["page.png", "report.png"])
def test_the_pictures_of_the_page_and_of_a_report_are_small(name: str) -> None:
    picture = PICTURE.with_name(name)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 200_000
