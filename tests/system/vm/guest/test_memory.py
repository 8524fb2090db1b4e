"""What edged weighs on 32-bit ARM: told, not judged, for it depends on Debian's builds."""

import subprocess
import sys

# The rooms that the daemon lives in; the worker's engine is none of them.
ROOMS = (
    "edged.board.discover",
    "edged.config.file",
    "edged.measurement.sweep",
    "edged.power.open_sensors",
    "edged.sampling.bus",
)
SAY = """
import importlib, sys
for room in sys.argv[1:]:
    importlib.import_module(room)
foreign = sorted({"numpy", "tflite_runtime"} & set(sys.modules))
status = open("/proc/self/status").read().split()
print(status[status.index("VmRSS:") + 1], *foreign)
"""


def test_the_rooms_of_the_daemon_need_neither_numpy_nor_an_engine() -> None:
    alone, *_ = said()
    together, *foreign = said(*ROOMS)
    assert foreign == []
    print(f"{int(together) / 1024:.1f} MiB resident, of which Python itself {int(alone) / 1024:.1f} MiB")


def said(*rooms: str) -> list[str]:
    command = [sys.executable, "-c", SAY, *rooms]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
