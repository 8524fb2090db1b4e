"""Ways from one dashboard to the next, with the choice of boards and the time range kept."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import DashboardLink, DashboardLinkType

from edged.grafana.fields import Property, link

TAG: Final = "edged"
FLEET, BOARD, TRADEOFFS = "edged-fleet", "edged-board", "edged-tradeoffs"
REGRESSION, SELF = "edged-regression", "edged-self"

_KEPT: Final = "${datasource:queryparam}&${job:queryparam}"
_HERE: Final = "${instance:queryparam}"
_TIME: Final = "${__url_time_range}"


def others() -> DashboardLink:
    """A menu of all dashboards of edged."""
    return DashboardLink(
        title="edged",
        type_val=DashboardLinkType.DASHBOARDS,
        icon="external link",
        tooltip="Other dashboards of edged",
        tags=[TAG],
        as_dropdown=True,
        include_vars=True,
        keep_time=True,
    )


def to_board_of_row(column: str) -> Property:
    """From a row of a table to its board."""
    return link("This board", f"/d/{BOARD}?{_KEPT}&var-instance=${{__data.fields.{column}}}&{_TIME}")


def to_board_of_series() -> Property:
    """From a series to its board."""
    return link("This board", f"/d/{BOARD}?{_KEPT}&var-instance=${{__field.labels.instance}}&{_TIME}")


def to_history_of_model() -> Property:
    """From a model, in the row's column `model`, to its history on this board."""
    return link(
        "History of this model", f"/d/{REGRESSION}?{_KEPT}&{_HERE}&var-model=${{__data.fields.model}}&{_TIME}"
    )
