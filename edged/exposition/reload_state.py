"""Whether the configuration on the disk is the one that holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReloadState:
    """How the last attempt to read the configuration ended.

    Attributes:
        successful: Whether it could be used.
        success_wall_s: When one could be used the last time, in Unix seconds.
    """

    successful: bool
    success_wall_s: float
