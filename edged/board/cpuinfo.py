"""/proc/cpuinfo: which kind of core each CPU is.

On Arm the `model name` is the same text for little and big cores; implementer and part tell them apart.
Kernels before 3.8 print the part once, after all processors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ARM = 0x41
# Main ID register, fields Implementer and PartNum: Arm's technical reference manuals of the cores.
_ARM_CORES = {
    0xB76: "ARM1176",
    0xC05: "Cortex-A5",
    0xC07: "Cortex-A7",
    0xC08: "Cortex-A8",
    0xC09: "Cortex-A9",
    0xC0D: "Cortex-A17",
    0xC0E: "Cortex-A17",
    0xC0F: "Cortex-A15",
    0xD03: "Cortex-A53",
    0xD04: "Cortex-A35",
    0xD05: "Cortex-A55",
    0xD07: "Cortex-A57",
    0xD08: "Cortex-A72",
    0xD09: "Cortex-A73",
    0xD0A: "Cortex-A75",
    0xD0B: "Cortex-A76",
    0xD0C: "Neoverse-N1",
    0xD0D: "Cortex-A77",
    0xD40: "Neoverse-V1",
    0xD41: "Cortex-A78",
    0xD44: "Cortex-X1",
    0xD46: "Cortex-A510",
    0xD47: "Cortex-A710",
    0xD48: "Cortex-X2",
    0xD49: "Neoverse-N2",
    0xD4D: "Cortex-A715",
    0xD4E: "Cortex-X3",
    0xD4F: "Neoverse-V2",
    0xD80: "Cortex-A520",
    0xD81: "Cortex-A720",
    0xD82: "Cortex-X4",
}


@dataclass(frozen=True, slots=True)
class CoreKind:
    """What kind of core a CPU is.

    Attributes:
        name: For people: "Cortex-A15", an x86 model name, or "CPU part 0x123"; may be "".
        part: Arm part number; -1 where there is none.
    """

    name: str
    part: int


@dataclass(frozen=True, slots=True)
class CpuInfo:
    """What /proc/cpuinfo says.

    Attributes:
        cores: Kind of core by CPU number.
        model_name: The first `model name`, without trade marks and nominal clock; may be "".
        hardware: The line `Hardware` that 32-bit Arm kernels print; may be "".
        architecture: `CPU architecture` on Arm, such as "7"; "x86" on a PC; may be "".
        virtual: Whether an x86 CPU says that it runs under a hypervisor.
    """

    cores: Mapping[int, CoreKind]
    model_name: str
    hardware: str
    architecture: str
    virtual: bool


def parse_cpuinfo(text: str) -> CpuInfo:
    """Understand /proc/cpuinfo; lines that mean nothing here are passed over."""
    processors: list[tuple[int, dict[str, str]]] = []
    common: dict[str, str] = {}
    block = common
    for line in text.split("\n"):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon:
            # A blank line ends a processor; what follows without a `processor` line is common to all.
            block = common if not key else block
        elif key == "processor" and value.isascii() and value.isdigit() and len(value) < 6:
            block = {}
            processors.append((int(value), block))
        else:
            block.setdefault(key, value)
    cores = {cpu: _core({**common, **own}) for cpu, own in processors}
    fields = {**common, **(processors[0][1] if processors else {})}
    return CpuInfo(
        cores,
        model_name=_model_name(fields),
        hardware=common.get("Hardware", ""),
        architecture="x86" if "vendor_id" in fields else fields.get("CPU architecture", ""),
        virtual="hypervisor" in fields.get("flags", "").split(),
    )


def _core(fields: Mapping[str, str]) -> CoreKind:
    part = _number(fields.get("CPU part", ""))
    if part is None:
        return CoreKind(_model_name(fields), -1)
    if _number(fields.get("CPU implementer", "")) == _ARM and part in _ARM_CORES:
        return CoreKind(_ARM_CORES[part], part)
    return CoreKind(f"CPU part {part:#x}", part)


def _model_name(fields: Mapping[str, str]) -> str:
    """`Intel Core i5-6500` for `Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz`."""
    name = re.sub(r"\((R|TM)\)|\bCPU\b|@ .*", " ", fields.get("model name", ""), flags=re.IGNORECASE)
    return " ".join(name.split())


def _number(text: str) -> int | None:
    try:
        return int(text, 0)
    except ValueError:
        return None
