"""One life of the daemon, from its start to its end: what all of its measurements have in common."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Life:
    """One life of the daemon.

    Attributes:
        boot_id: Name of what the monotonic times belong to: of this boot, as the kernel has it, or of this
            life alone where there is no kernel, on a simulated board.
        start_ns: Monotonic time of the start.
        start_wall_s: Wall time of the start in Unix seconds; may be wrong by years.
        edged_version: Version of edged.
        board: Model of the board.
        simulation: What is simulated, for people; "" on a real board.
    """

    boot_id: str
    start_ns: int
    start_wall_s: float
    edged_version: str
    board: str
    simulation: str = ""
