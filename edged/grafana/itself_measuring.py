"""How measuring goes."""

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana.page import Section, line
from edged.grafana.panels import About, history
from edged.grafana.query import CHOSEN_BOARDS, Query

_NONE = "No measurement in the range shown."


def measuring_section() -> Section:
    """Measurements that were made, rejected, put off."""
    return Section(
        (
            line(8, (8, _made()), (8, _rejected()), (8, _deferred())),
            line(8, (8, _failures()), (8, _restarts()), (8, _uncertainty_parts())),
        ),
        "Measuring",
    )


def _made() -> Panel:
    about = About(
        "Valid measurements", "Valid measurements of each board, for each second.", "suffix:/s", _NONE
    )
    return history(about, _rate("edged_measurements_total", "instance"), at_least=0)


def _rejected() -> Panel:
    about = About(
        "Rejected measurements",
        "Measurements that were disturbed, by reason, for each second. One with several reasons counts "
        "under each.",
        "suffix:/s",
        _NONE,
    )
    return history(about, _rate("edged_measurements_rejected_total", "reason"), at_least=0)


def _deferred() -> Panel:
    about = About(
        "Deferred measurements",
        "Measurements that were put off, by reason, for each second: the board was hot, busy with its own "
        "work, or has done its share.",
        "suffix:/s",
        "No measurement was due in the range shown.",
    )
    return history(about, _rate("edged_measurements_deferred_total", "reason"), at_least=0)


def _failures() -> Panel:
    about = About(
        "Failed inferences",
        "Times that inference failed, by model, for each second: the worker crashed, hung, ran out of "
        "memory or refused the model. None is good.",
        "suffix:/s",
        "No case on the chosen boards.",
    )
    return history(about, _rate("edged_inference_failures_total", "model"), at_least=0)


def _restarts() -> Panel:
    about = About(
        "Worker restarts",
        "Workers that had to be started again, for each second. Some in a row are a crash loop.",
        "suffix:/s",
        "No board chosen has answered in the range shown.",
    )
    return history(about, _rate("edged_worker_restarts_total", "instance"), at_least=0)


def _uncertainty_parts() -> Panel:
    about = About(
        "Parts of the energy's uncertainty",
        "Parts of the standard uncertainty of net energy, over the energy; mean over cases. Large "
        "calibration: calibrate the rail. Large readings: measure longer. Large baseline: leave the board "
        "alone.",
        "percentunit",
        "No valid measurement with energy yet.",
    )
    parts = CHOSEN_BOARDS("edged_measurement_net_energy_uncertainty_component_joules")
    energy = CHOSEN_BOARDS("edged_measurement_net_energy_joules")
    by = "instance, model, cpu_cluster, rail"
    share = f"max by ({by}, component) ({parts}) / on ({by}) group_left () max by ({by}) ({energy})"
    return history(about, Query(f"avg by (component) ({share})", "{{component}}"), at_least=0)


def _rate(counter: str, by: str) -> Query:
    return Query(f"sum by ({by}) (rate({CHOSEN_BOARDS(counter)}[$__rate_interval]))", f"{{{{{by}}}}}")
