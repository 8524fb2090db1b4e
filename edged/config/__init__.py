"""`edged.toml` -> `Config`: every option, default and unit in one place (`sections.py`)."""

from edged.config.file import load_config
from edged.config.sections import Config

__all__ = ["Config", "load_config"]
