"""What the tests of the rules share."""

from tests.integration.rules.conftest import amtool, promtool

__all__ = ["amtool", "promtool"]
