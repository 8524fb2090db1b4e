"""The README's picture shows what it says, and says that it is simulated."""

import re

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


def test_the_picture_of_the_page_is_small() -> None:
    page = PICTURE.with_name("page.png")
    assert page.read_bytes().startswith(b"\x89PNG")
    assert page.stat().st_size < 200_000
