"""The variables, the same on every dashboard and each filtered by those before it."""

from collections.abc import Collection

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import (
    VariableHide,
    VariableModel,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from edged.grafana.query import CHOSEN_BOARDS, CHOSEN_CLUSTERS, DATASOURCE, THIS_BOARD, Boards, of_edged

_ALL = VariableOption(True, "All", "$__all")


def variables(
    boards_of: str, cases_of: str, *, one_board: bool, hidden: Collection[str] = ()
) -> list[VariableModel]:
    """Data source, job, board, CPU cluster and model.

    What is offered is what a metric has series of, so that nothing is offered that would stay empty.

    Args:
        boards_of: The metric that offers boards; "" for all that are to be scraped, also those that are down.
        cases_of: The metric that offers CPU clusters and models.
        one_board: Whether one board at a time is shown.
        hidden: Variables that make no difference here, and are only handed on to the next dashboard.
    """
    boards = THIS_BOARD if one_board else CHOSEN_BOARDS
    board = _query("instance", "Board", f'label_values({boards_of}{{job=~"$job"}}, instance)')
    if not boards_of:
        # label_values knows one metric only; of this answer the regex takes the label.
        targets = of_edged(Boards('job=~"$job"'), "up")
        board = _query("instance", "Board", f"query_result(group by (instance) {targets})")
        board.regex('/instance="(.+)"/')
    cluster = _query("cpu_cluster", "CPU cluster", f"label_values({boards(cases_of)}, cpu_cluster)")
    model = _query("model", "Model", f"label_values({boards(cases_of, CHOSEN_CLUSTERS)}, model)")
    for name, variable in (("cpu_cluster", cluster), ("model", model)):
        variable.hide(VariableHide.HIDE_VARIABLE if name in hidden else VariableHide.DONT_HIDE)
    return [
        dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus").build(),
        _several(_query("job", "Job", "label_values(edged_build_info, job)")),
        board.build() if one_board else _several(board),
        _several(cluster),
        _several(model),
    ]


def _query(name: str, label: str, query: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query(query)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )


def _several(query: dashboard.QueryVariable) -> VariableModel:
    return query.multi(multi=True).include_all(include_all=True).all_value(".+").current(_ALL).build()
