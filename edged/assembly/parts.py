"""What measuring takes, as one record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from edged.assembly.following import Follower
from edged.board.parts import Absence, Board
from edged.board.sysfs import Sysfs
from edged.clock import Clock
from edged.inference.model import Model
from edged.measurement.cases import all_cases
from edged.measurement.result import Case, Measurement
from edged.measurement.run import Rig
from edged.sampling.conditions import ConditionsSampler
from edged.sampling.drive import Drive
from edged.sampling.rail_account import RailAccount
from edged.sampling.sampler import Sampler
from edged.simulation.scenario import Scenario
from edged.simulation.truth import TrueRailEnergy

Truth = Callable[[Measurement], Mapping[str, TrueRailEnergy]]
DriveMaker = Callable[[Sampler], Drive]


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated board instead of this one.

    Attributes:
        kind: `xu3` or `xu4`.
        seed: Makes it repeatable.
        scenario: What the board is put through.
        speed: Virtual seconds per real second where latencies are replayed; 0 for as fast as it can.
    """

    kind: str
    seed: int = 0
    scenario: Scenario = field(default_factory=Scenario)
    speed: float = 0.0


@dataclass(frozen=True, slots=True)
class Assembly:
    """Everything that measuring takes.

    Attributes:
        sysfs: Where its attributes are.
        models: What can be measured.
        rig: What measurements run on.
        make_drive: Makes what calls the steps of a sampler, in the time of all parts.
        drives: What calls the samplers.
        conditions: The sampler of the board's state.
        accounts: Rails whose power is sampled; there may come more.
        follower: Follows the board once something drives it.
        absences: Power sensors that could be read and are not, and why.
        simulation: What is simulated, for people; "" on a real board.
        simulated_as: The same in a word, such as "xu3-replay"; "" on a real board.
        truth: What a measurement should have found; None on a real board.
    """

    sysfs: Sysfs
    models: tuple[Model, ...]
    rig: Rig
    make_drive: DriveMaker
    drives: Sequence[Drive]
    conditions: ConditionsSampler
    accounts: Sequence[RailAccount]
    follower: Follower
    absences: tuple[Absence, ...]
    simulation: str = ""
    simulated_as: str = ""
    truth: Truth | None = None

    @property
    def board(self) -> Board:
        """The machine as it is now."""
        return self.follower.board

    @property
    def clock(self) -> Clock:
        """The time of all parts."""
        return self.rig.clock

    @property
    def cases(self) -> list[Case]:
        """Every model on every CPU cluster."""
        return all_cases(self.models, self.board)
