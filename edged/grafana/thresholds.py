"""From where on a value calls for somebody: what dashboards draw and the alerts of `deploy/prometheus` use.

A number stands here and, of necessity, in the text of a rule; a test compares the two.
"""

from typing import Final

# Temperature below the critical trip point at which a zone counts as near it, in kelvin.
NEAR_CRITICAL_MARGIN_K: Final = 10.0

# Share of the time in which a CPU cluster was throttled.
THROTTLED_TIME_RATIO: Final = 0.50

# Share of the inferences that overlapped throttling.
THROTTLED_INFERENCES_RATIO: Final = 0.10

# Share of the time that a rail's readings must cover, so that its joules can be trusted.
COVERAGE_MIN_RATIO: Final = 0.95

# How much longer or costlier than the week before an inference may be: share of the earlier value.
LATENCY_REGRESSION_RATIO: Final = 0.10
ENERGY_REGRESSION_RATIO: Final = 0.10

# U95 as a share of the value that it belongs to.
UNCERTAINTY_MAX_RATIO: Final = 0.20

# How long after its time a scheduled measurement has not begun, in seconds.
SCHEDULE_LATE_S: Final = 3600.0

# Worker restarts within WORKER_RESTARTS_WINDOW_S that make a crash loop.
WORKER_RESTARTS_MAX: Final = 3.0
WORKER_RESTARTS_WINDOW_S: Final = 1800.0

# Share of the measurements that were rejected.
REJECTED_SHARE_RATIO: Final = 0.50

# What one scrape costs edged, all its parts together, in seconds; the network is not in it.
SCRAPE_SLOW_S: Final = 0.5
