"""The one shape of everything that samples: a step function of an injected clock.

```
            ┌──────────── drive.py: a thread sleeps until then ──────────┐
 step() ──▶ next_due_ns                                                   ├──▶ step() ──▶ ...
            └──────── a VirtualClock's callback falls due then ──────────┘
```

A step does what is due now and says when it wants to be called next, in monotonic nanoseconds. A call
that comes late or early does no harm: each step looks at the clock itself. Steps of one sampler never
overlap. What they find out, others read from immutable snapshots, without a lock.

Other threads may ask a sampler for something (to sample fast, say) by setting an attribute that the next
step looks at, and by nudging the drive, so that the next step comes at once.
"""

from typing import Protocol, runtime_checkable


class Sampler(Protocol):
    """Something that samples when its time has come."""

    @property
    def name(self) -> str:
        """Name for threads and logs: the bus or the meter, such as "i2c-0"."""
        ...

    def step(self) -> int:
        """Do what is due. Failures of sensors are recorded, never raised.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        ...

    def close(self) -> None:
        """Free what is open; no step follows."""
        ...


@runtime_checkable
class Paced(Sampler, Protocol):
    """A sampler that samples faster during a measurement."""

    def begin_fast(self) -> None:
        """Sample fast from the next step on; may be called from any thread, and never waits."""
        ...

    def end_fast(self) -> None:
        """Sample slowly from the next step on; may be called from any thread, and never waits."""
        ...
