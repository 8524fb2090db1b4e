"""SIGKILL at random moments: what was shown is on the disk, and no counter ever falls."""

import random
import subprocess
import sys
import time
from pathlib import Path

from edged.journal.reader import Wanted, read_records

KILLS = 20
# Writers of a few milliseconds are hit in all of their stages.
LONGEST_S = 0.15
ROOT = Path(__file__).parents[3]


def test_counters_never_fall_and_no_counted_measurement_is_lost_over_20_kills(tmp_path: Path) -> None:
    path, chance = tmp_path / "j.db", random.Random(4)
    shown = [0.0, 0.0, 0.0]
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.integration.journal.living", str(path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as life:
            assert life.stdout is not None
            first = life.stdout.readline()
            time.sleep(chance.uniform(0, LONGEST_S))
            life.kill()
            lines = [first, *life.stdout]
        # The last line may be torn by the kill.
        for line in (line for line in lines if line.endswith("\n")):
            *counters, failures = line.split()
            values = [float(counter) for counter in counters]
            assert all(now >= before for now, before in zip(values, shown, strict=True)), (values, shown)
            assert failures == "0"
            shown = values
        records = list(read_records(path, Wanted()))
        assert len(records) >= shown[0]
    assert shown[0] > KILLS
    assert not list(tmp_path.glob("*damaged*"))
