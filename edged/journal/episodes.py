"""Throttle episodes: uninterrupted intervals in which a CPU cluster was held back.

Samples bound an episode: it began after the last sample without throttling, and ended before the first one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from edged.sampling.throttling import Throttling


@dataclass(frozen=True, slots=True)
class Episode:
    """An uninterrupted interval of throttling, as far as it is known.

    Attributes:
        cpu_cluster: Name of the CPU cluster.
        start_ns: Monotonic time of the sample before it.
        end_ns: Monotonic time of the sample after it, or of the newest one if it goes on.
    """

    cpu_cluster: str
    start_ns: int
    end_ns: int


class EpisodeFinder:
    """Joins throttled intervals between samples to episodes.

    Args:
        throttling: Where the intervals are.
        cpu_clusters: Names of the CPU clusters.
        since_ns: Monotonic time where to begin.
    """

    def __init__(self, throttling: Throttling, cpu_clusters: Iterable[str], since_ns: int) -> None:
        """Begin with no episode."""
        self._throttling = throttling
        self._seen_ns = dict.fromkeys(cpu_clusters, since_ns)
        self._newest: dict[str, Episode] = {}

    def find(self, until_ns: int) -> list[Episode]:
        """Episodes that are new or longer than at the last call; one that goes on keeps its start.

        Args:
            until_ns: Monotonic time of now.
        """
        found: dict[tuple[str, int], Episode] = {}
        for name, seen_ns in self._seen_ns.items():
            for span in self._throttling.spans_between(name, seen_ns, until_ns):
                if span.end_ns <= seen_ns:
                    continue
                before = self._newest.get(name)
                if before and span.start_ns <= before.end_ns:
                    episode = replace(before, end_ns=span.end_ns)
                else:
                    episode = Episode(name, span.start_ns, span.end_ns)
                self._newest[name] = episode
                found[name, episode.start_ns] = episode
                self._seen_ns[name] = span.end_ns
        return list(found.values())
