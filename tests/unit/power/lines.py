"""Log lines of a SmartPower3: captured ones, and made ones."""

from functools import reduce
from operator import xor

# Captured from a real meter: osp3's tests, quoted in shared/hardware/exynos5422.md, section 4.1.
CAPTURED = (
    b"0000815169,15296,0036,00550,0,00000,0000,00000,0,00,00000,0000,00000,0,00,14,12",
    b"0343732187,15321,0072,01103,0,00000,0000,00000,0,00,00000,0000,00000,0,00,1c,12",
    b"0343732197,15332,0084,01287,0,00000,0000,00000,0,00,00000,0000,00000,0,00,09,17",
    b"0343732207,15328,0055,00843,0,00000,0000,00000,0,00,00000,0000,00000,0,00,11,19",
)


def a_line(
    uptime_ms: int = 815_169, *, power_mw: int = 3_000, on: int = 1, interrupts: int = 8, end: bytes = b"\r\n"
) -> bytes:
    """A line of firmware 1.7, 5 V on channel 0."""
    body = (
        f"{uptime_ms:010d},15296,0250,03824,0,"
        f"05000,{power_mw // 5:04d},{power_mw:05d},{on},{interrupts:02x},00000,0000,00000,0,00,"
    ).encode()
    return body + f"{-sum(body) % 256:02x},{reduce(xor, body):02x}".encode() + end


def an_old_line(uptime_ms: int = 815_169, *, power_mw: int = 3_000, interrupts: int = 8) -> bytes:
    """A line of firmware before 1.7."""
    return (
        f"{uptime_ms:010d},15296,0250,03824,0,"
        f"05000,{power_mw // 5:04d},{power_mw:05d},1,{interrupts:x},00000,0000,00000,0,0\n\r"
    ).encode()
