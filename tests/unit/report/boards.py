"""Journal records as a board like the paper's would leave them."""

from pathlib import Path

from edged.inference.model import Model
from edged.inference.zoo import mobilenets
from edged.journal.life import Life
from edged.journal.record import Record
from edged.measurement.protocol import PAPER
from edged.measurement.result import (
    Case,
    EngineFacts,
    Latency,
    Measurement,
    RailEnergy,
    Surroundings,
    Uncertain,
)
from edged.measurement.verdict import Rejection, Verdict
from edged.report.sources import table_ii_latency_s

LIFE = Life("boot", 0, 1.7e9, "0.1.0", "Hardkernel Odroid XU3", "")
# Made up: what each CPU cluster draws while busy, in watts.
BUSY_W = {"big": 1.7, "little": 0.17}
_NOTHING = RailEnergy(Uncertain(0.0, 0.0), Uncertain(0.0, 0.0), 0.0, {}, 1.0)


def paper_records(directory: Path, *, power: bool = True) -> list[Record]:
    """Table II as 16 valid measurements, with files of the published sizes."""
    models = {(model.alpha, model.precision): model for model in mobilenets(directory)}
    return [
        record(models[alpha, precision], cluster, latency_s, power=power)
        for (alpha, precision, cluster), latency_s in table_ii_latency_s().items()
    ]


def record(
    model: Model,
    cluster: str,
    latency_s: Uncertain,
    *,
    power: bool = True,
    rejections: tuple[Rejection, ...] = (),
    simulation: str = "",
) -> Record:
    """One measurement of the journal; without a known U95, one that ran once."""
    net_j = BUSY_W.get(cluster, 1.0) * latency_s.value
    energy = RailEnergy(Uncertain(net_j, 0.01 * net_j), Uncertain(1.3 * net_j, 0.01 * net_j), 0.3, {}, 1.0)
    measurement = Measurement(
        case=Case(model, cluster),
        protocol=PAPER,
        verdict=Verdict(rejections),
        latency=Latency(latency_s.value, latency_s.u95 if latency_s.u95_known else None, {}, {}, 100),
        inferences=(),
        engine=EngineFacts("tflite-runtime", "2.14.0", "none", 1),
        load_s=0.01,
        worker_memory_bytes=1 << 20,
        surroundings=Surroundings(frequency_hz=2e9 if cluster == "big" else 1.4e9, temperature_c=50.0),
        start_ns=0,
        end_ns=1,
        finished_wall_s=1.7e9,
        rails={**dict.fromkeys(BUSY_W, _NOTHING), cluster: energy} if power else {},
    )
    life = Life("boot", 0, 1.7e9, "0.1.0", "Hardkernel Odroid XU3", simulation)
    return Record(measurement, life)
