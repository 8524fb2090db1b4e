"""The page in a browser, and what went on meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A slow machine is given its time; nothing waits for it where things go well.
PATIENCE_MS = 60_000
DRAWN = "html[data-live=drawn][data-results=drawn]"


@dataclass
class Seen:
    """A page.

    Attributes:
        page: Playwright's page.
        complaints: What the console and the page said.
        asked: Addresses that were asked for.
    """

    page: "Page"
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def seen(
    browser: "Browser",
    url: str,
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    scripts: bool = True,
) -> Iterator[Seen]:
    """Open the page, and wait until it is drawn."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    found = Seen(page)
    page.on("console", lambda message: found.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: found.complaints.append(f"error: {error}"))
    page.on("request", lambda request: found.asked.append(request.url))
    try:
        page.goto(url)
        if scripts:
            page.wait_for_selector(DRAWN)
        yield found
    finally:
        context.close()
