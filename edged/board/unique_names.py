"""Names for parts of which the kernel gives several the same `type`."""

from collections.abc import Sequence


def unique_names(types: Sequence[str]) -> list[str]:
    """Each type as it is where one part has it, else with its number among them: `acpitz-0`, `acpitz-1`."""
    taken = {name for name in types if types.count(name) == 1}
    names = []
    for i, name in enumerate(types):
        number = types[:i].count(name)
        unique = name
        while types.count(name) > 1 and (unique == name or unique in taken):
            unique = f"{name}-{number}"
            number += 1
        taken.add(unique)
        names.append(unique)
    return names
