"""What one board has measured, as the report takes it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edged.inference.model import Model
from edged.inference.zoo import published_model, size_bytes
from edged.journal.life import Life
from edged.journal.record import Record
from edged.measurement.result import Measurement, Uncertain
from edged.report.claims import Results
from edged.tradeoff.inference_energy import inference_energy, rails_that_add_up
from edged.tradeoff.like_rails import are_compared, compared_rails


@dataclass(frozen=True, slots=True)
class Measured:
    """The last valid measurement of one case.

    Attributes:
        model: Its model, with what the configuration knows of it.
        cpu_cluster: Where it ran.
        measurement: What was found.
        energy_j: Net energy per inference over all rails, in joules; None where nothing measures power.
        gross_energy_j: The same with idle included.
        on_other_rails: Whether these are added over other rails than those of most cases, and so not
            compared with them.
    """

    model: Model
    cpu_cluster: str
    measurement: Measurement
    energy_j: Uncertain | None
    gross_energy_j: Uncertain | None
    on_other_rails: bool = False

    @property
    def compared_energy_j(self) -> Uncertain | None:
        """Net energy per inference, where it may be compared with that of the other cases."""
        return None if self.on_other_rails else self.energy_j

    @property
    def name(self) -> str:
        """`MODEL@CLUSTER`."""
        return f"{self.model.name}@{self.cpu_cluster}"

    @property
    def rails(self) -> tuple[str, ...]:
        """Names of the rails that its energy is added over."""
        return rails_that_add_up(self.measurement.rails)

    @property
    def latency_s(self) -> Uncertain:
        """Mean latency; its U95 is not known where too few inferences tell none."""
        latency = self.measurement.latency
        if latency is None:
            raise ValueError("a valid measurement has a latency")
        return Uncertain(latency.mean_s, math.inf if latency.u95_s is None else latency.u95_s)

    @property
    def short_name(self) -> str:
        """Alpha where it has one, else its name."""
        return self.model.alpha or self.model.name


@dataclass(frozen=True, slots=True)
class BoardResults:
    """Everything that a report shows of a board.

    Attributes:
        life: The last life of a daemon that measured something.
        cases: The last valid measurement of each case, in the order of the paper's table where it has them.
        rejected: How many measurements were rejected, by reason.
        size_bytes: Size of the models by name, of those where it is known.
        published_sizes: Names of those whose file is not there and whose published size stands in for it.
    """

    life: Life
    cases: tuple[Measured, ...]
    rejected: Mapping[str, int]
    size_bytes: Mapping[str, int]
    published_sizes: frozenset[str] = frozenset()

    @property
    def clusters(self) -> tuple[str, ...]:
        """Names of the CPU clusters that have results."""
        return tuple(dict.fromkeys(case.cpu_cluster for case in self.cases))

    @property
    def on_other_rails(self) -> tuple[Measured, ...]:
        """The cases whose energy is not compared with that of the rest."""
        return tuple(case for case in self.cases if case.on_other_rails)

    def results(self) -> Results:
        """What the paper's claims are judged by: its own models only."""
        own = {case.model.name: case for case in self.cases if published_model(case.model)}
        keys = {name: (case.model.alpha, case.model.precision) for name, case in own.items()}
        return Results(
            latency_s={
                (*keys[case.model.name], case.cpu_cluster): case.latency_s
                for case in self.cases
                if case.model.name in own
            },
            top1_ratio={
                keys[name]: case.model.accuracy.top1_ratio
                for name, case in own.items()
                if case.model.accuracy
            },
            size_bytes={keys[name]: self.size_bytes[name] for name in own if name in self.size_bytes},
        )


def board_results(records: Iterable[Record], models: Sequence[Model]) -> BoardResults | None:
    """The last valid measurement of each case; None where there is none.

    Args:
        records: What the journal has, in order of time.
        models: What the configuration knows of the models.
    """
    known = {model.name: model for model in models}
    last: dict[tuple[str, str], Record] = {}
    rejected: dict[str, int] = {}
    for record in records:
        measurement = record.measurement
        for reason in measurement.verdict.reasons:
            rejected[reason] = rejected.get(reason, 0) + 1
        if measurement.verdict.valid and measurement.latency:
            last[measurement.case.model.name, measurement.case.cpu_cluster] = record
    if not last:
        return None
    compared = compared_rails(record.measurement.rails for record in last.values())
    order = {name: place for place, name in enumerate(known)}
    cases = tuple(
        Measured(
            known.get(name, record.measurement.case.model),
            cluster,
            record.measurement,
            inference_energy(record.measurement.rails),
            _gross_energy_j(record.measurement),
            on_other_rails=bool(record.measurement.rails)
            and not are_compared(record.measurement.rails, compared),
        )
        for (name, cluster), record in sorted(
            last.items(), key=lambda item: (item[0][1], order.get(item[0][0], len(order)), item[0][0])
        )
    )
    newest = max(last.values(), key=lambda record: record.measurement.finished_wall_s)
    measured = {case.model.name: case.model for case in cases}
    files = {name: _file_bytes(model.path) for name, model in measured.items()}
    sizes = {
        name: size for name, model in measured.items() if (size := size_bytes(model, files[name])) is not None
    }
    published = frozenset(name for name in sizes if files[name] is None)
    return BoardResults(newest.life, cases, rejected, sizes, published)


def _file_bytes(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _gross_energy_j(measurement: Measurement) -> Uncertain | None:
    energies = [measurement.rails[name].gross_energy_j for name in rails_that_add_up(measurement.rails)]
    if not energies:
        return None
    return Uncertain(sum(energy.value for energy in energies), math.hypot(*(each.u95 for each in energies)))
