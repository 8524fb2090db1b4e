"""How values look: units, colours, limits, links, by column or by series.

Grafana ignores a property that it does not know without a word, so their ids stand here and nowhere else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DashboardSpecialValueMapOptions,
    DynamicConfigValue,
    MatcherConfig,
    SpecialValueMap,
    SpecialValueMatch,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from edged.grafana import colours

# Pixels for the name of a model in a table: mobilenet_v1_0.25_224_quant fits in.
MODEL_WIDTH: Final = 235
_TRANSPARENT: Final = "transparent"
Property = DynamicConfigValue
Override = DashboardFieldConfigSourceOverrides


def named(name: str, *properties: Property) -> Override:
    """Properties of the column or series of that name."""
    return Override(MatcherConfig("byName", name), list(properties))


def ending_in(name: str, *properties: Property) -> Override:
    """Properties of the series whose legend is `name` or ends in it, after the board's name."""
    return Override(MatcherConfig("byRegexp", f"/(^|[ @]){name}$/"), list(properties))


def beginning_with(words: str, *properties: Property) -> Override:
    """Properties of the series whose legend begins with `words`."""
    return Override(MatcherConfig("byRegexp", f"/^{words}/"), list(properties))


def colours_by_name(names: Iterable[str]) -> list[Override]:
    """The series of CPU clusters, rails and precisions in their colours."""
    return [ending_in(name, colour(colours.BY_NAME[name])) for name in names]


def colour(value: str) -> Property:
    """One colour."""
    return Property("color", {"mode": "fixed", "fixedColor": value})


def unit(value: str) -> Property:
    """Unit, as Grafana calls it."""
    return Property("unit", value)


def decimals(count: int) -> Property:
    """Digits after the point."""
    return Property("decimals", count)


def width(pixels: int) -> Property:
    """Width of a table's column."""
    return Property("custom.width", pixels)


def as_text() -> Property:
    """No formatting: a label that looks like a number is none."""
    return unit("string")


def dashed() -> list[Property]:
    """A thin dashed line."""
    return [
        Property("custom.lineStyle", {"fill": "dash", "dash": [6, 6]}),
        Property("custom.lineWidth", 1),
        Property("custom.fillOpacity", 0),
    ]


def link(title: str, url: str) -> Property:
    """A link from each value."""
    return Property("links", [{"title": title, "url": url}])


def limits(steps: ThresholdsConfig) -> list[Property]:
    """Text in the colour of the step that a value is on; a cell without one has no colour."""
    return [
        Property("thresholds", steps.to_json()),
        Property("mappings", [without_value("-").to_json()]),
        Property("color", {"mode": "thresholds"}),
        Property("custom.cellOptions", {"type": "color-text"}),
    ]


def texts(mapping: ValueMapping) -> list[Property]:
    """Texts in place of numbers, on their colour."""
    return [
        Property("mappings", [mapping.to_json()]),
        Property("custom.cellOptions", {"type": "color-text"}),
    ]


@dataclass(frozen=True, slots=True)
class Text:
    """What a number means.

    Attributes:
        text: In words.
        colour: Good or bad.
    """

    text: str
    colour: str


def mapped(meanings: Mapping[int, Text]) -> ValueMap:
    """Texts in place of numbers."""
    return ValueMap(
        {
            str(value): ValueMappingResult(meaning.text, meaning.colour, None, place)
            for place, (value, meaning) in enumerate(meanings.items())
        }
    )


def without_value(words: str) -> SpecialValueMap:
    """Words in place of a value that is not there, in no colour that means anything."""
    result = ValueMappingResult(words, colours.NEUTRAL)
    return SpecialValueMap(DashboardSpecialValueMapOptions(SpecialValueMatch.NULL, result))


def bad_above(value: float) -> ThresholdsConfig:
    """Good below the value, bad from it on."""
    return _steps(colours.GOOD, (value, colours.BAD))


def bad_below(value: float) -> ThresholdsConfig:
    """Bad below the value, good from it on."""
    return _steps(colours.BAD, (value, colours.GOOD))


def line_of(steps: ThresholdsConfig) -> ThresholdsConfig:
    """The steps for a dashed line that has the colour of its bad side.

    Grafana gives a line the colour of the step that begins there; if that one is transparent, of the step
    below (UPlotThresholds in @grafana/ui).
    """
    base, *others = steps.steps
    unseen = [
        Threshold(each.value, _TRANSPARENT if each.color == colours.GOOD else each.color) for each in others
    ]
    return ThresholdsConfig(steps.mode, [base, *unseen])


def bad_beyond(value: float) -> ThresholdsConfig:
    """Neutral near zero, bad from the value on; below minus the value it has become better."""
    return _steps(colours.GOOD, (-value, colours.NEUTRAL), (value, colours.BAD))


def _steps(first: str, *others: tuple[float, str]) -> ThresholdsConfig:
    steps = [Threshold(None, first), *(Threshold(value, shade) for value, shade in others)]
    return ThresholdsConfig(ThresholdsMode.ABSOLUTE, steps)


NO_LIMITS: Final = _steps(colours.NEUTRAL)
UP: Final = mapped({0: Text("down", colours.BAD), 1: Text("up", colours.GOOD)})
THROTTLED: Final = mapped({0: Text("free", colours.GOOD), 1: Text("throttled", colours.BAD)})
OK: Final = mapped({0: Text("refused", colours.BAD), 1: Text("good", colours.GOOD)})
SIMULATED: Final = mapped({0: Text("measured", colours.GOOD), 1: Text("simulated", colours.WARNING)})
