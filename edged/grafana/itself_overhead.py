"""What edged itself takes from the board."""

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links, thresholds
from edged.grafana.fields import bad_above
from edged.grafana.page import Section, line
from edged.grafana.panels import About, history
from edged.grafana.query import CHOSEN_BOARDS, Query, beside, of_edged

_SILENT = "No board chosen has answered in the range shown."


def overhead_section() -> Section:
    """CPU, memory, scrapes, disk."""
    return Section(
        (
            line(8, (8, _cpu()), (8, _memory()), (8, _descriptors())),
            line(8, (6, _scrape()), (6, _cost()), (6, _collectors()), (6, _journal())),
        ),
        "Overhead",
    )


def _cpu() -> Panel:
    about = About(
        "CPU time of the daemon",
        "CPUs that the daemon keeps busy, its workers not counted. It grows with the readings for each "
        "second.",
        "percentunit",
        _SILENT,
    )
    rate = f"rate({CHOSEN_BOARDS('process_cpu_seconds_total')}[$__rate_interval])"
    return _of_boards(about, f"sum by (instance) {beside(CHOSEN_BOARDS, rate)}")


def _memory() -> Panel:
    about = About(
        "Memory of the daemon",
        "Resident memory of the daemon, its workers not counted. It should be flat.",
        "bytes",
        _SILENT,
    )
    return _of_boards(about, _largest("process_resident_memory_bytes"))


def _descriptors() -> Panel:
    about = About("Open files", "File descriptors of the daemon. They should be flat.", "none", _SILENT)
    return _of_boards(about, _largest("process_open_fds"))


def _scrape() -> Panel:
    about = About(
        "Scrape duration",
        "How long Prometheus waited for each board, network included. What edged has to do with it is in the "
        "cost beside it.",
        "s",
        "No board chosen is scraped.",
    )
    return _of_boards(about, f"max by (instance) {of_edged(CHOSEN_BOARDS, 'scrape_duration_seconds')}")


def _cost() -> Panel:
    about = About(
        "Cost of a scrape",
        "Time that the last scrape took in edged, all parts together: the board has less for its "
        "measurements. Bad above the dashed line, if it stays there.",
        "s",
        _SILENT,
    )
    duration = CHOSEN_BOARDS("edged_collector_duration_seconds")
    query = Query(f"sum by (instance) ({duration})", "{{instance}}")
    limits = bad_above(thresholds.SCRAPE_SLOW_S)
    return history(about, query, limits=limits, links=[links.to_board_of_series()], at_least=0)


def _collectors() -> Panel:
    about = About(
        "Cost of a scrape by part",
        "Time that each part of the last scrape took in edged; the slowest board counts.",
        "s",
        _SILENT,
    )
    duration = CHOSEN_BOARDS("edged_collector_duration_seconds")
    return history(
        about, Query(f"max by (collector) ({duration})", "{{collector}}"), stacked=True, at_least=0
    )


def _journal() -> Panel:
    about = About(
        "Journal size",
        "Size of the journal and its write-ahead log. Old measurements leave it, so it should level off.",
        "bytes",
        "No journal on the chosen boards.",
    )
    return _of_boards(about, f"max by (instance) ({CHOSEN_BOARDS('edged_journal_bytes')})")


def _largest(metric: str) -> str:
    return f"max by (instance) {beside(CHOSEN_BOARDS, CHOSEN_BOARDS(metric))}"


def _of_boards(about: About, expr: str) -> Panel:
    return history(about, Query(expr, "{{instance}}"), links=[links.to_board_of_series()], at_least=0)
