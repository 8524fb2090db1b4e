"""`/api/v1/board`: the machine, and what it lacks. It changes only when sensors come or go."""

from collections.abc import Mapping

from edged.board.parts import Absence, CoolingDevice, CpuCluster, ThermalZone
from edged.exposition.snapshot import RailState, Snapshot


def board_json(snapshot: Snapshot) -> Mapping[str, object]:
    """The board of a snapshot."""
    board, build = snapshot.board, snapshot.build
    return {
        "model": board.identity.model,
        "soc": board.identity.soc,
        "kernel": board.identity.kernel,
        "simulated": snapshot.simulated,
        "power_source": snapshot.power_source,
        "edged": {
            "version": build.version,
            "engine": build.engine,
            "engine_version": build.engine_version,
        },
        "cpu_clusters": [_cluster(cluster, board.cooling_devices) for cluster in board.clusters],
        "rails": [_rail(state) for state in snapshot.rails],
        "thermal_zones": [_zone(zone) for zone in board.thermal_zones],
        "absences": [_absence(absence) for absence in board.absences],
    }


def _cluster(cluster: CpuCluster, cooling: tuple[CoolingDevice, ...]) -> Mapping[str, object]:
    return {
        "name": cluster.name,
        "core": cluster.core,
        "cpus": cluster.cpus,
        "max_frequency_hz": cluster.max_frequency_hz,
        "throttling_known": any(device.cpu_cluster == cluster.name for device in cooling),
    }


def _rail(state: RailState) -> Mapping[str, object]:
    rail, health = state.rail, state.health
    return {
        "name": rail.name,
        "sensor": rail.sensor,
        "chip": rail.chip,
        "supplies": rail.supplies,
        "up": health.up,
        "last_failure": "" if health.up else health.last_failure,
    }


def _zone(zone: ThermalZone) -> Mapping[str, object]:
    trips = [{"action": trip.action, "temperature_c": trip.temperature_c} for trip in zone.trips]
    return {"name": zone.name, "trips": trips}


def _absence(absence: Absence) -> Mapping[str, object]:
    return {"what": absence.what, "why": absence.why, "remedies": absence.remedies}
