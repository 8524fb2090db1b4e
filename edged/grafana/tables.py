"""From several answers to one table: Grafana's transformations."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.models.dashboard import DataTransformerConfig


def joined(key: str, columns: Mapping[str, str], kept: Sequence[str]) -> list[DataTransformerConfig]:
    """Answers side by side, with a row for each value of a label.

    Mode `outer` leaves cells without a value undefined; `outerTabular` would make them null, which an XY
    chart draws as 0.

    Args:
        key: The label.
        columns: Name of each query, and how its column is called.
        kept: Labels that are kept as columns, before the values: the key, or such that one answer only has.
    """
    values = [f"Value #{name}" for name in columns]
    return [
        DataTransformerConfig("joinByField", options={"byField": key, "mode": "outer"}),
        DataTransformerConfig("filterFieldsByName", options={"include": {"names": [*kept, *values]}}),
        organised(dict(zip(values, columns.values(), strict=True)), [*kept, *values]),
    ]


def organised(renamed: Mapping[str, str], order: Sequence[str] = ()) -> DataTransformerConfig:
    """Columns by other names, and in order where one is given."""
    return DataTransformerConfig(
        "organize",
        options={
            "excludeByName": {},
            "includeByName": {},
            "indexByName": {name: place for place, name in enumerate(order)},
            "renameByName": dict(renamed),
        },
    )


def sorted_by(column: str) -> DataTransformerConfig:
    """Rows in ascending order of a column."""
    return DataTransformerConfig("sortBy", options={"fields": {}, "sort": [{"field": column}]})


def matrix(row: str, column: str) -> list[DataTransformerConfig]:
    """The values of one answer, with a row for each value of a label and a column for each of another."""
    return [
        DataTransformerConfig(
            "groupingToMatrix",
            options={"columnField": column, "rowField": row, "valueField": "Value", "emptyValue": "null"},
        ),
        organised({f"{row}\\{column}": row}),
        sorted_by(row),
    ]


def counted(labels: Sequence[str], counted_as: str) -> list[DataTransformerConfig]:
    """One answer with some of its labels as columns, and its value.

    Args:
        labels: Labels, in order.
        counted_as: Name of the value's column.
    """
    return [
        DataTransformerConfig("filterFieldsByName", options={"include": {"names": [*labels, "Value"]}}),
        organised({"Value": counted_as}, [*labels, "Value"]),
    ]
