"""The browser of the page's tests looks at reports too."""

from tests.integration.page.conftest import browser

__all__ = ["browser"]
