"""What never changes in the simulated board's files: identity, CPUs, trip points, links.

Facts of the hardware sheet, sections 1, 2.5, 5, 6, 7, 8 and 13: mainline Linux about 6.6.
"""

from collections.abc import Iterable, Mapping

from edged.simulation.files import AttributeFiles
from edged.simulation.layout import (
    CLUSTERS,
    COOLING_DEVICES,
    FAN_HWMON,
    GPU_FREQUENCIES_HZ,
    I2C_BUS,
    ZONE_NAMES,
    ZONE_TRIPS,
    BoardKind,
    ClusterFacts,
    cooling_directory,
    zone_directory,
)

_FEATURES = "half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt vfpd32 lpae evtstrm "
_DEVFREQ_HZ = {
    "bus-wcore": (88_700_000, 133_000_000, 177_400_000, 266_000_000, 532_000_000),
    "10c20000.memory-controller": tuple(mhz * 1_000_000 for mhz in (165, 206, 275, 413, 543, 633, 728, 825)),
    "11800000.gpu": GPU_FREQUENCIES_HZ,
}
_OTHER_REGULATORS = {
    40: ("vdd_mif", 1_050_000),
    42: ("vdd_int", 1_000_000),
    43: ("vdd_g3d", 1_000_000),
    44: ("vdd_mem", 1_212_500),
}


def write_tree(files: AttributeFiles, kind: BoardKind, governor: str) -> None:
    """Write all that never changes, power sensors excepted: those may go and come back.

    Args:
        files: Where to.
        kind: Which board.
        governor: cpufreq governor of both clusters.
    """
    _write_identity(files, kind)
    for cluster in CLUSTERS.values():
        _write_cluster(files, cluster, governor)
    _write_thermal(files)
    for name, frequencies_hz in _DEVFREQ_HZ.items():
        directory = f"sys/class/devfreq/{name}"
        _write_lines(files, directory, {"governor": "simple_ondemand"})
        files.write(f"{directory}/available_frequencies", _words(frequencies_hz))
        _write_int(files, f"{directory}/min_freq", frequencies_hz[0])
        _write_int(files, f"{directory}/max_freq", frequencies_hz[-1])
        _write_int(files, f"{directory}/cur_freq", frequencies_hz[-1])
    for number, (name, microvolts) in _OTHER_REGULATORS.items():
        directory = f"sys/class/regulator/regulator.{number}"
        _write_lines(files, directory, {"name": name, "microvolts": microvolts})
    files.link("sys/class/hwmon/hwmon0", "../../devices/platform/pwm-fan/hwmon/hwmon0")
    files.link(f"{FAN_HWMON}/device", "../../../pwm-fan")
    _write_lines(files, FAN_HWMON, {"name": "pwmfan"})


def write_sensor(files: AttributeFiles, address: int) -> None:
    """Write what stays of a power sensor: its I2C device and its device tree node."""
    client = f"0-{address:04x}"
    node = f"soc/i2c@12c60000/power-sensor@{address:x}"
    firmware = f"sys/firmware/devicetree/base/{node}"
    files.write(f"{firmware}/name", b"power-sensor\0")
    files.write(f"{firmware}/compatible", b"ti,ina231\0")
    files.write(f"{firmware}/reg", address.to_bytes(4, "big"))
    files.write(f"{firmware}/shunt-resistor", (10_000).to_bytes(4, "big"))
    device = f"{I2C_BUS}/{client}"
    files.write(f"{device}/name", b"ina231\n")
    identity = f"DRIVER=ina2xx\nOF_NAME=power-sensor\nOF_FULLNAME=/{node}\n"
    uevent = identity + "OF_COMPATIBLE_0=ti,ina231\nOF_COMPATIBLE_N=1\n"
    files.write(f"{device}/uevent", uevent.encode())
    files.write("sys/bus/i2c/drivers/ina2xx/uevent", b"")
    files.link(f"{device}/driver", "../../../../../../bus/i2c/drivers/ina2xx")
    files.link(f"{device}/of_node", f"../../../../../../firmware/devicetree/base/{node}")
    files.link(f"sys/bus/i2c/devices/{client}", f"../../../devices/platform/soc/12c60000.i2c/i2c-0/{client}")


def _write_identity(files: AttributeFiles, kind: BoardKind) -> None:
    base = "sys/firmware/devicetree/base"
    files.write(f"{base}/model", f"{kind.model}\0".encode())
    files.write(f"{base}/compatible", f"{kind.compatible}\0samsung,exynos5800\0samsung,exynos5\0".encode())
    files.link("proc/device-tree", "../sys/firmware/devicetree/base")
    soc = {"machine": kind.model, "family": "Samsung Exynos", "soc_id": "EXYNOS5800", "revision": 1}
    _write_lines(files, "sys/devices/soc0", soc)
    _write_lines(files, "proc/sys/kernel", {"ostype": "Linux", "osrelease": "6.6.75", "arch": "armv7l"})
    for name in ("online", "possible", "present"):
        files.write(f"sys/devices/system/cpu/{name}", b"0-7\n")
    blocks = [_cpuinfo(cpu, cluster) for cluster in CLUSTERS.values() for cpu in cluster.cpus]
    tail = (
        "Hardware\t: Samsung Exynos (Flattened Device Tree)\nRevision\t: 0000\nSerial\t\t: 0000000000000000\n"
    )
    files.write("proc/cpuinfo", ("".join(blocks) + tail).encode())


def _cpuinfo(cpu: int, cluster: ClusterFacts) -> str:
    return (
        f"processor\t: {cpu}\nmodel name\t: ARMv7 Processor rev 3 (v7l)\nBogoMIPS\t: {cluster.bogomips}\n"
        f"Features\t: {_FEATURES}\nCPU implementer\t: 0x41\nCPU architecture: 7\n"
        f"CPU variant\t: {cluster.variant}\nCPU part\t: {cluster.part}\nCPU revision\t: 3\n\n"
    )


def _write_cluster(files: AttributeFiles, cluster: ClusterFacts, governor: str) -> None:
    siblings = {
        "physical_package_id": cluster.package,
        "core_siblings_list": f"{cluster.cpus[0]}-{cluster.cpus[-1]}",
        "core_siblings": f"{sum(1 << cpu for cpu in cluster.cpus):02x}",
    }
    for core, cpu in enumerate(cluster.cpus):
        directory = f"sys/devices/system/cpu/cpu{cpu}"
        _write_lines(files, directory, {"cpu_capacity": cluster.capacity})
        own = {"core_id": core, "thread_siblings_list": cpu}
        _write_lines(files, f"{directory}/topology", siblings | own)
        files.link(f"{directory}/cpufreq", f"../cpufreq/policy{cluster.cpus[0]}")
    frequencies = [point.frequency_khz for point in cluster.ladder]
    files.write(f"{cluster.policy}/affected_cpus", _words(cluster.cpus, end=b"\n"))
    files.write(f"{cluster.policy}/related_cpus", _words(cluster.cpus, end=b"\n"))
    files.write(f"{cluster.policy}/scaling_available_frequencies", _words(frequencies, end=b" \n"))
    governors = "powersave userspace conservative ondemand performance schedutil "
    lines = {
        "scaling_driver": "cpufreq-dt",
        "scaling_governor": governor,
        "scaling_available_governors": governors,
        "cpuinfo_min_freq": frequencies[0],
        "cpuinfo_max_freq": frequencies[-1],
        "scaling_min_freq": frequencies[0],
        "scaling_setspeed": "<unsupported>",
    }
    _write_lines(files, cluster.policy, lines)
    _write_lines(files, f"sys/class/regulator/regulator.{cluster.regulator}", {"name": cluster.supply})


def _write_thermal(files: AttributeFiles) -> None:
    for number, (name, trips) in enumerate(zip(ZONE_NAMES, ZONE_TRIPS, strict=True)):
        policies = {"policy": "step_wise", "available_policies": "user_space step_wise "}
        _write_lines(files, zone_directory(number), {"type": name, "mode": "enabled"} | policies)
        for index, trip in enumerate(trips):
            trip_point = f"{zone_directory(number)}/trip_point_{index}"
            files.write(f"{trip_point}_type", f"{trip.kind}\n".encode())
            _write_int(files, f"{trip_point}_temp", trip.temperature_c * 1000)
            _write_int(files, f"{trip_point}_hyst", trip.hysteresis_c * 1000)
    for kind, max_state in COOLING_DEVICES.items():
        _write_lines(files, cooling_directory(kind), {"type": kind, "max_state": max_state})


def _write_lines(files: AttributeFiles, directory: str, lines: Mapping[str, object]) -> None:
    for name, value in lines.items():
        files.write(f"{directory}/{name}", f"{value}\n".encode())


def _words(numbers: Iterable[int], end: bytes = b"\n") -> bytes:
    return " ".join(map(str, numbers)).encode() + end


def _write_int(files: AttributeFiles, path: str, value: int) -> None:
    files.write(path, b"%d\n" % value)
