"""The watchdog waits for threads too that begin while edged runs, as those of sensors that are plugged in."""

import threading
from contextlib import closing
from pathlib import Path

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.clock import SystemClock
from edged.config.sections import Config, ExpositionSection, JournalSection, MeasureSection
from edged.daemon.outside import Outside
from edged.daemon.plan import plan_of
from edged.daemon.service import Daemon
from edged.sampling.drive import ThreadDrive
from edged.sampling.present import Present


class Blocking:
    """A sampler whose step ends when the test says so."""

    name = "i2c-9"

    def __init__(self) -> None:
        self.go = threading.Event()

    def step(self) -> int:
        self.go.wait()
        return 1 << 62

    def close(self) -> None:
        pass


def test_a_thread_that_began_later_is_watched(tmp_path: Path) -> None:
    config = Config(
        measure=MeasureSection(engine=REPLAY),
        exposition=ExpositionSection(listen="127.0.0.1:0"),
        journal=JournalSection(path=tmp_path / "journal.db"),
    )
    sampler = Blocking()
    drive = ThreadDrive(sampler, SystemClock())
    # A watchdog without any patience: whatever has begun is stuck.
    outside = Outside(watchdog_s=1e-9)
    with (
        assembled(config, Simulation("xu3", seed=1)) as assembly,
        closing(Daemon(assembly, config, plan_of(config, assembly), "", outside)) as daemon,
    ):
        assert isinstance(assembly.drives, Present)
        assembly.drives.add([drive])
        assert "the thread of i2c-9 has ended" in str(daemon.health.complaint())
        drive.start()
        try:
            while not drive.blocked_s():
                pass
            assert "the thread of i2c-9 is stuck" in str(daemon.health.complaint())
        finally:
            sampler.go.set()
