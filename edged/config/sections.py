"""The sections of `edged.toml`: every option with its default, unit and meaning.

A section is a table of the file. A field made by `option` is one key of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edged.config.daemon_section import DaemonSection
from edged.config.names import name_complaint
from edged.config.option import option, shorten
from edged.config.own_models import ModelEntry
from edged.config.own_protocols import ProtocolEntry
from edged.config.power_section import PowerSection
from edged.config.schedule_section import ScheduleSection
from edged.errors import EdgedError
from edged.exposition.address import Address
from edged.exposition.password import is_hash
from edged.exposition.tls_files import TlsFiles
from edged.inference.model import Model
from edged.journal.retention import Bounds
from edged.measurement.protocol import BUILT_IN, Protocol

ENGINES = ("auto", "tflite-runtime", "ai-edge-litert")
DELEGATES = ("auto", "none", "xnnpack")


def _listen_complaint(text: str) -> str | None:
    try:
        Address.parse(text)
    except EdgedError as error:
        return error.what
    return None


def _users_complaint(users: tuple[str, ...]) -> str | None:
    names = [user.partition(":")[0] for user in users]
    for user, name in zip(users, names, strict=True):
        if not name or not is_hash(user.partition(":")[2]):
            return "has an entry that is no name:hash; edged config hash-password prints a hash"
        if names.count(name) > 1:
            return f'has the name "{shorten(name)}" twice'
    return None


def _precisions_complaint(precisions: tuple[str, ...]) -> str | None:
    if not precisions:
        return "is empty, so that nothing would be measured"
    return next((complaint for name in precisions if (complaint := name_complaint(name))), None)


@dataclass(frozen=True, slots=True)
class MeasureSection:
    """`[measure]`: how cases are measured."""

    engine: str = option(
        "Package that runs the models; auto takes the one that is installed", default="auto", choices=ENGINES
    )
    delegate: str = option(
        "What runs the operators; auto takes XNNPACK where the engine has it, none the engine's own kernels",
        default="auto",
        choices=DELEGATES,
    )
    protocol: str = option(
        "Protocol of every measurement: paper, burst, quick or an own one", default="burst"
    )
    precisions: tuple[str, ...] = option(
        "Precisions to measure",
        default=("fp32", "int8"),
        complaint_about=_precisions_complaint,
    )
    time_limit_s: float = option(
        "A worker that has not finished by then is ended", default=900.0, unit="s", above=0, at_most=86_400
    )
    memory_limit_mib: int = option(
        "Most memory that a worker may allocate", default=1024, unit="MiB", at_least=64, at_most=1 << 20
    )
    foreign_load_max_ratio: float = option(
        "Load of others on the CPU cluster above which a measurement is rejected, as a share of its CPUs",
        default=0.2,
        at_least=0,
        at_most=1,
    )
    seed: int = option(
        "Seed of random inputs and of built models", default=0, at_least=0, at_most=(1 << 32) - 1
    )


@dataclass(frozen=True, slots=True)
class ModelsSection:
    """`[models]`: where built and fetched models are."""

    directory: Path = option("Directory of built and fetched models", default=Path("~/.cache/edged/models"))


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    """`[clusters.NAME]`: where on a CPU cluster the worker runs."""

    cpu: int | None = option(
        "CPU that the worker is pinned to; without it the cluster's last one",
        default=None,
        at_least=0,
        at_most=4_095,
    )


@dataclass(frozen=True, slots=True)
class ExpositionSection:
    """`[exposition]`: where the metrics are served."""

    listen: str = option(
        "Address and port of the metrics; 0.0.0.0:10231 or [::]:10231 for every network",
        default="127.0.0.1:10231",
        complaint_about=_listen_complaint,
    )
    certificate: Path | None = option(
        "Certificate of the server in PEM format; with it everything is served by HTTPS", default=None
    )
    key: Path | None = option("Private key of the certificate, without a pass phrase", default=None)
    client_ca: Path | None = option(
        "Authorities that sign the certificates of clients; without it none is asked for", default=None
    )
    users: tuple[str, ...] = option(
        "Who may ask, as name:hash; empty for everybody",
        default=(),
        complaint_about=_users_complaint,
        secret=True,
    )

    @property
    def address(self) -> Address:
        """`listen`, taken apart."""
        return Address.parse(self.listen)

    @property
    def tls(self) -> TlsFiles | None:
        """What encryption takes; None to serve in clear text."""
        return TlsFiles(self.certificate, self.key, self.client_ca) if self.certificate and self.key else None

    @property
    def password_hashes(self) -> Mapping[str, str]:
        """Hash of the password of each user by name."""
        return {name: hash_ for name, _, hash_ in (user.partition(":") for user in self.users)}


@dataclass(frozen=True, slots=True)
class JournalSection:
    """`[journal]`: where measurements are kept, and how many."""

    path: Path = option(
        "File of the journal; a simulated board has one of its own beside it",
        default=Path("~/.local/state/edged/journal.db"),
    )
    max_size_mib: int = option(
        "Size beyond which the oldest measurements leave", default=64, unit="MiB", at_least=1, at_most=4_096
    )
    max_age_days: float = option(
        "Age beyond which measurements leave", default=400.0, unit="days", at_least=1, at_most=36_500
    )

    @property
    def bounds(self) -> Bounds:
        """How much the journal keeps."""
        return Bounds(self.max_size_mib << 20, self.max_age_days)

    def path_for(self, simulated_as: str) -> Path:
        """The file of this machine (""), or of one kind of simulation: none gets among the rest.

        Args:
            simulated_as: Such as "xu3" or "xu3-replay".
        """
        return self.path.with_name(f"{self.path.name}.{simulated_as}") if simulated_as else self.path


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration: each field is a table of `edged.toml`."""

    measure: MeasureSection = field(default_factory=MeasureSection)
    models: ModelsSection = field(default_factory=ModelsSection)
    model: tuple[ModelEntry, ...] = ()
    protocols: Mapping[str, ProtocolEntry] = field(default_factory=dict)
    clusters: Mapping[str, ClusterEntry] = field(default_factory=dict)
    exposition: ExpositionSection = field(default_factory=ExpositionSection)
    journal: JournalSection = field(default_factory=JournalSection)
    power: PowerSection = field(default_factory=PowerSection)
    schedule: ScheduleSection = field(default_factory=ScheduleSection)
    daemon: DaemonSection = field(default_factory=DaemonSection)

    def own_models(self) -> tuple[Model, ...]:
        """The models of the `[[model]]` tables."""
        return tuple(entry.model() for entry in self.model)

    def all_protocols(self) -> Mapping[str, Protocol]:
        """The built-in protocols and the file's own, by name."""
        return BUILT_IN | {name: entry.protocol(name) for name, entry in self.protocols.items()}

    def cpu_of(self, cpu_cluster: str) -> int | None:
        """The CPU of that cluster that workers are to be pinned to; None if it was not chosen."""
        entry = self.clusters.get(cpu_cluster)
        return entry.cpu if entry else None
