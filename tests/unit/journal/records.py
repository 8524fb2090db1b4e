"""Measurements of any content, and journals to put them in."""

from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from edged.clock import NS_PER_S
from edged.inference.model import Model
from edged.journal.batch import Batch
from edged.journal.counters import Counters
from edged.journal.episodes import Episode
from edged.journal.file import JournalFile
from edged.journal.life import Life
from edged.journal.retention import Bounds
from edged.measurement.protocol import Protocol
from edged.measurement.result import (
    Case,
    EngineFacts,
    Latency,
    Measurement,
    RailEnergy,
    Surroundings,
    Uncertain,
)
from edged.measurement.verdict import Reason, Rejection, Verdict

LIFE = Life("b00t", 5, 1_700_000_000.0, "0.1.0", "Hardkernel Odroid XU3")
BOUNDS = Bounds(1 << 20, 400.0)

_reals = st.floats(allow_nan=False)
_counts = st.integers(0, (1 << 53))
_times = st.integers(-(1 << 62), 1 << 62)
_names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_uncertain = st.builds(Uncertain, _reals, _reals)
_models = st.builds(
    Model, _names, _names.map(lambda name: Path("m") / f"x{name}".replace("/", "_")), _names, _names, _names
)
_latencies = st.builds(
    Latency,
    mean_s=st.floats(min_value=1e-9, max_value=1e9),
    u95_s=st.none() | _reals,
    quantiles_s=st.dictionaries(st.integers(1, 99), _reals, max_size=3),
    quantile_intervals_s=st.dictionaries(st.integers(1, 99), st.tuples(_reals, _reals), max_size=3),
    count=_counts,
)
_surroundings = st.builds(
    Surroundings,
    frequency_hz=st.none() | _reals,
    frequency_range_hz=st.none() | st.tuples(_counts, _counts),
    temperature_c=st.none() | _reals,
    foreign_load_ratio=st.none() | _reals,
    waiting_ratio=_reals,
    throttled_inferences=_counts,
)
_rails = st.builds(
    RailEnergy, _uncertain, _uncertain, _reals, st.dictionaries(_names, _reals, max_size=3), _reals
)
measurements: st.SearchStrategy[Measurement] = st.builds(
    Measurement,
    case=st.builds(Case, _models, _names),
    protocol=st.builds(Protocol, _names, _counts, _counts, _reals, _reals, _counts, _reals),
    verdict=st.builds(
        Verdict,
        st.lists(st.builds(Rejection, st.sampled_from(Reason), st.text(max_size=20)), max_size=3).map(tuple),
    ),
    latency=st.none() | _latencies,
    inferences=st.just(()),
    engine=st.none() | st.builds(EngineFacts, _names, _names, _names, _counts),
    load_s=st.none() | _reals,
    worker_memory_bytes=st.none() | _counts,
    surroundings=_surroundings,
    start_ns=_times,
    end_ns=_times,
    finished_wall_s=st.floats(min_value=0, max_value=1e12).filter(lambda s: not 1.57e9 < s < 1.7e9),
    rails=st.dictionaries(_names, _rails, max_size=3),
)


def journal(path: Path, life: Life = LIFE, bounds: Bounds = BOUNDS) -> JournalFile:
    """A journal; nothing is touched yet."""
    return JournalFile(path, bounds, life)


def batch(
    *measurements: Measurement,
    counters: Counters | None = None,
    episodes: tuple[Episode, ...] = (),
    wall_s: float = 1_700_000_100.0,
    at_s: float = 100.0,
    last: bool = False,
) -> Batch:
    """What is written together."""
    return Batch(measurements, episodes, counters or {}, round(at_s * NS_PER_S), wall_s, last)


def kept(measurement: Measurement) -> Measurement:
    """What of a measurement the journal gives back."""
    model = replace(measurement.case.model, accuracy=None, labels=None, input=None)
    return replace(measurement, case=replace(measurement.case, model=model), inferences=())
