"""Whether the configuration on the disk is the one that holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReloadState:
    """How the last attempt to read the configuration ended.

    Attributes:
        successful: Whether it could be used.
        success_wall_s: When one could be used the last time, in Unix seconds.
        needs_restart: Options that differ from those at the start, and hold after a restart only.
    """

    successful: bool
    success_wall_s: float
    needs_restart: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What people should know of the configuration, in a few words; "" if there is nothing."""
        if not self.successful:
            return "the configuration on the disk was refused"
        if self.needs_restart:
            return f"restart to have {', '.join(self.needs_restart)} hold"
        return ""
