// One quantity over the last minutes, a line for each series, its name and newest value at its right end.

import { el, innerWidth, svg } from "./dom.js";
import { linear, spread, ticks } from "./scale.js";

const LEFT = 46;
const RIGHT = 112;
const TOP = 10;
const BOTTOM = 22;
const LINE = 15;

// Where values are missing the line has a gap; neighbours further apart than this are not joined either.
const GAP_S = 5;

function path(at, values, x, y) {
  let drawn = "";
  let before = null;
  values.forEach((value, index) => {
    if (value === null) return;
    const joined = before !== null && index - before === 1 && at[index] - at[before] < GAP_S;
    drawn += `${joined ? "L" : "M"}${x(at[index]).toFixed(1)} ${y(value).toFixed(1)}`;
    before = index;
  });
  return drawn;
}

const newest = (values) => values[values.length - 1];

function statistics(series, plot) {
  const rows = series.map((each) => {
    const known = each.values.filter((value) => value !== null);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const cells = [newest(each.values), mean, Math.min(...known), Math.max(...known)];
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, each.name),
      cells.map((value) => el("td", { class: "number" }, value === null ? "none" : plot.say(value))),
    );
  });
  const heads = ["now", "mean", "lowest", "highest"].map((head) => el("th", { scope: "col", class: "number" }, head));
  return el(
    "table",
    { class: "figures" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, plot.what), heads)),
    el("tbody", {}, rows),
  );
}

function axes(plot, x, y, width, height, span) {
  const marks = ticks(...plot.domain, 4).map((value) =>
    svg(
      "g",
      { class: "tick", "data-value": value },
      svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
      svg("text", { x: LEFT - 8, y: y(value), "text-anchor": "end", dy: "0.35em" }, plot.tick(value)),
    ),
  );
  const minutes = ticks(0, span / 60, width > 560 ? 5 : 3).filter(Number.isInteger).map((value) => {
    const anchor = value === 0 ? "end" : "middle";
    const text = value === 0 ? "now" : `−${value} min`;
    return svg("text", { class: "time", x: x(-value * 60), y: height - 5, "text-anchor": anchor }, text);
  });
  return [marks, minutes];
}

// `plot`: title, what, unit; say(value), tick(value), domain(lowest, highest); series: name, class, values.
export function timePlot(container, plot, at, series, bands = []) {
  series = series.filter((each) => each.values.some((value) => value !== null));
  const open = container.querySelector("details")?.open;
  const heading = el("h3", {}, plot.title);
  if (!series.length) {
    container.replaceChildren(heading, el("p", { class: "empty" }, plot.empty));
    return;
  }
  const width = innerWidth(container);
  const height = plot.height;
  const known = series.flatMap((each) => each.values).filter((value) => value !== null);
  const shown = { ...plot, domain: plot.domain(Math.min(...known), Math.max(...known)) };
  const now = newest(at);
  const span = Math.max(60, now - at[0]);
  const since = linear([-span, 0], [LEFT, width - RIGHT]);
  const x = (moment) => since(moment - now);
  const y = linear(shown.domain, [height - BOTTOM, TOP]);
  const shaded = bands.map(({ from, to, text }) =>
    svg(
      "rect",
      { class: "throttled", x: x(from), width: Math.max(2, x(to) - x(from)), y: TOP, height: height - TOP - BOTTOM },
      svg("title", {}, text),
    ),
  );
  const references = (plot.references || [])
    .filter(({ value }) => value >= shown.domain[0] && value <= shown.domain[1])
    .map(({ value, text }) => [
      svg("line", { class: "reference", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
      svg("text", { class: "reference", x: LEFT + 4, y: y(value) - 4 }, text),
    ]);
  const lines = series.map((each) => svg("path", { class: `line ${each.class}`, d: path(at, each.values, x, y) }));
  const ends = series
    .filter((each) => newest(each.values) !== null && !each.unlabelled)
    .map((each) => ({ each, y: y(newest(each.values)), true_y: y(newest(each.values)) }));
  spread(ends, LINE, TOP + 2, height - BOTTOM);
  const labels = ends.map(({ each, y: moved, true_y }) => [
    svg("path", { class: `leader ${each.class}`, d: `M${width - RIGHT + 1} ${true_y}L${width - RIGHT + 8} ${moved}` }),
    svg(
      "text",
      { class: `end ${each.class}`, x: width - RIGHT + 12, y: moved, dy: "0.35em" },
      `${each.name} `,
      svg("tspan", { class: "value" }, plot.say(newest(each.values))),
    ),
  ]);
  const said = ends.map(({ each }) => `${each.name} ${plot.say(newest(each.values))}`).join(", ");
  const drawing = svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${plot.title} now: ${said}` },
    shaded,
    axes(shown, since, y, width, height, span),
    references,
    lines,
    labels,
  );
  const figures = el(
    "details",
    { open: open ? "" : null },
    el("summary", {}, "Figures"),
    statistics(series, plot),
  );
  container.replaceChildren(heading, drawing, figures);
}
