"""The page as the server renders it: all there is without JavaScript, which otherwise goes on from it.

Whatever comes from the board or the configuration is escaped: a model's name is never markup.
"""

from collections.abc import Iterator, Mapping
from html import escape
from string import Template
from typing import TYPE_CHECKING, Any, cast

from edged.clock import utc
from edged.exposition.api.board import board_json
from edged.exposition.api.history import history_json
from edged.exposition.api.results import results_json
from edged.exposition.page.words import duration, figure, percent, precision_class, precision_name, short_name
from edged.exposition.snapshot import Snapshot
from edged.exposition.status import status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIMULATED = (
    '<p class="simulated"><strong>SIMULATED BOARD</strong> Its watts, joules, clocks and degrees come from a'
    " model, not from sensors.</p>"
)
_ENERGY_HEADING = '<th role="columnheader" scope="col" class="number energy">Net energy</th>'
_NONE = '<span class="soft">&ndash;</span>'

# As JSON: what the page shows is what the API tells.
_Json = Mapping[str, Any]


def summary(template: Template, snapshot: Snapshot) -> str:
    """The page for a snapshot.

    Args:
        template: `index.html`.
        snapshot: What to show.
    """
    board = cast("_Json", board_json(snapshot))
    cases = cast("Sequence[_Json]", results_json(snapshot)["cases"])
    rails = [rail["name"] for rail in board["rails"]]
    has_energy = bool(rails) or any(each["result"] and each["result"]["net_energy_j"] for each in cases)
    facts = [board["soc"], f"Linux {board['kernel']}" if board["kernel"] else ""]
    facts.append(f"edged {board['edged']['version']}")
    return template.substitute(
        model=escape(board["model"]),
        facts=escape(" · ".join(filter(None, facts))),
        simulated=_SIMULATED if snapshot.simulated else "",
        when=escape(utc(snapshot.wall_s).strftime("%Y-%m-%d %H:%M:%S UTC")),
        activity="\n".join(_activity(status_of(snapshot))),
        now="\n".join(_now(snapshot)),
        energy_words=escape(f" Energy is net, above idle, over {_energy_rails(cases)}.")
        if has_energy
        else "",
        energy_heading=_ENERGY_HEADING if has_energy else "",
        results="\n".join(_results(board, cases, has_energy)),
        absences="\n".join(_absences(board)),
    )


def _activity(status: _Json) -> Iterator[str]:
    waiting, running, following = status["waiting"], status["running"], status["next"]
    if waiting:
        yield f'<p class="now"><span class="word waiting">Waiting</span> {escape(waiting["words"])}</p>'
    elif running:
        cases = "; ".join(escape(_case_name(each)) for each in running)
        yield f'<p class="now"><span class="word running">Measuring</span> {cases}</p>'
    else:
        yield '<p class="now"><span class="word">Idle</span> nothing is measured at the moment</p>'
    if following:
        yield f'<p class="soft">Next: {escape(_case_name(following))}</p>'


def _case_name(each: _Json) -> str:
    name = short_name(each["model"], each["alpha"])
    return f"{name} {precision_name(each['precision'])} on {each['cpu_cluster']}"


def _energy_rails(cases: "Sequence[_Json]") -> str:
    rails = dict.fromkeys(
        rail for each in cases if each["result"] for rail in each["result"]["net_energy_rails"]
    )
    return " + ".join(rails) or "all rails"


def _now(snapshot: Snapshot) -> Iterator[str]:
    newest = cast("_Json", history_json(snapshot, after_s=snapshot.at_ns / 1e9 - 0.5))
    kinds = (
        ("power_w", "power", "W", 1.0, 2),
        ("frequency_hz", "clock", "GHz", 1e9, 2),
        ("temperature_c", "temperature", "°C", 1.0, 1),
    )
    rows = [
        f'<tr><th scope="row">{escape(name)} {what}</th><td class="number">'
        f"{values[-1] / factor:.{digits}f} {unit}</td></tr>"
        for kind, what, unit, factor, digits in kinds
        for name, values in newest[kind].items()
        if values[-1] is not None
    ]
    rows += [
        f'<tr><th scope="row">{escape(name)} throttled</th>'
        f'<td class="number">{"yes" if flags[-1] else "no"}</td></tr>'
        for name, flags in newest["throttled"].items()
        if flags
    ]
    if rows:
        yield f'<div class="plot"><table class="figures"><tbody>{"".join(rows)}</tbody></table></div>'


def _results(board: _Json, cases: "Sequence[_Json]", has_energy: bool) -> Iterator[str]:
    cores = {cluster["name"]: cluster["core"] for cluster in board["cpu_clusters"]}
    for cluster in dict.fromkeys(each["cpu_cluster"] for each in cases):
        heading = (
            f'<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="{6 + has_energy}">'
            f'{escape(cluster)} <span class="soft">{escape(cores.get(cluster, ""))}</span></th></tr>'
        )
        rows = [_row(each, has_energy) for each in cases if each["cpu_cluster"] == cluster]
        yield "\n".join(['<tbody role="rowgroup">', heading, *rows, "</tbody>"])


def _row(each: _Json, has_energy: bool) -> str:
    result = each["result"] or {}
    latency, energy = result.get("latency_s"), result.get("net_energy_j")
    fps, paper_fps = result.get("frames_per_second"), each["paper_frames_per_second"]
    cells = [
        _cell("Latency", figure(latency["value"], latency["u95"], 1e-3, "ms") if latency else _NONE),
        _cell("FPS", f"{fps:.2f}" if fps else _NONE),
        _cell("Paper&rsquo;s FPS", f"{paper_fps:.2f}" if paper_fps else _NONE),
    ]
    if has_energy:
        cells.append(
            _cell("Net energy", figure(energy["value"], energy["u95"], 1e-3, "mJ") if energy else _NONE)
        )
    cells.append(_cell("Top-1", _NONE if each["top1_ratio"] is None else percent(each["top1_ratio"])))
    name = (
        f"{escape(short_name(each['model'], each['alpha']))} "
        f'<span class="chip {precision_class(each["precision"])}">'
        f"{escape(precision_name(each['precision']))}</span>"
    )
    return (
        f'<tr role="row" data-case="{escape(each["model"])}@{escape(each["cpu_cluster"])}">'
        f'<th role="rowheader" scope="row" title="{escape(each["model"])}">{name}</th>{"".join(cells)}'
        f'<td role="cell" class="verdict" data-label="Verdict">{_verdict(each["last"])}</td></tr>'
    )


def _cell(label: str, content: str) -> str:
    return f'<td role="cell" class="number" data-label="{label}">{content}</td>'


def _verdict(last: _Json | None) -> str:
    if last is None:
        return '<span class="soft">not measured yet</span>'
    age_s = last["finished"]["age_s"]
    ago = "before the clock was set" if age_s is None else f"{duration(age_s)} ago"
    when = f' <span class="soft">{ago}</span>'
    if last["verdict"] == "valid":
        return f'<span class="good">valid</span>{when}'
    reasons = ", ".join(dict.fromkeys(each["reason"].replace("_", " ") for each in last["rejections"]))
    details = "; ".join(each["detail"] for each in last["rejections"])
    return (
        f'<span class="bad">rejected: {escape(reasons)}</span>{when}'
        f'<span class="detail">{escape(details)}</span>'
    )


def _absences(board: _Json) -> Iterator[str]:
    for each in board["absences"]:
        remedies = "".join(f"<li>{escape(remedy)}</li>" for remedy in each["remedies"])
        ways = f"<p>What would bring it:</p><ul>{remedies}</ul>" if remedies else ""
        yield (
            f'<div class="absence"><h3>Not here: {escape(each["what"])}</h3>'
            f'<p class="soft">{escape(each["why"])}.</p>{ways}</div>'
        )
