// One trade-off: accuracy against a cost, with error bars, the Pareto front and the paper's points behind.

import { el, innerWidth, svg } from "./dom.js";
import { linear, logarithmic, logTicks, ticks } from "./scale.js";
import { label, percent, precisionClass, precisionName, quantity, shortName } from "./words.js";

const LEFT = 48;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 44;
const HEIGHT = 330;
const CHARACTER = 6.6;
const AXIS = { latency: ["s", 1e-3, "ms", "latency per inference"], memory: ["B", 1e6, "MB", "model file"], energy: ["J", 1e-3, "mJ", "net energy per inference"] };

const standing = (point) => (point.certain ? "certain" : point.optimal ? "optimal" : "dominated");
const STANDING_WORDS = {
  certain: "on the front, certain within U95",
  optimal: "on the front, not certain within U95",
  dominated: "not on the front",
};

export function pointWords(point, unit) {
  const where = point.cpu_cluster ? ` on ${point.cpu_cluster}` : "";
  const name = `${shortName(point)} ${precisionName(point.precision)}${where}`;
  return `${name}: ${quantity(point.cost, point.cost_u95, unit)}, ${percent(point.top1_ratio)} top-1, ${STANDING_WORDS[standing(point)]}`;
}

const paperWords = (point, unit) =>
  `The paper: α ${point.alpha} ${precisionName(point.precision)}, ${quantity(point.cost, 0, unit)}, ${percent(point.top1_ratio)} top-1` +
  (point.mixed_with_v2 ? ", with the accuracy and size of MobileNet v2" : "");

// Why a case that has an energy is not drawn.
function leftOut(plot) {
  const cases = plot.on_other_rails.map((each) => `${shortName(each)} ${precisionName(each.precision)} on ${each.cpu_cluster} (${each.rails.join(", ")})`);
  return cases.length ? ` Not compared, for it was measured on other rails than the rest: ${cases.join("; ")}.` : "";
}

// A circle, or a square for a second CPU cluster, in one plot of the whole board.
function marker(kind, x, y, size, attributes) {
  if (kind === 0) return svg("circle", { ...attributes, cx: x, cy: y, r: size });
  const side = size * 1.8;
  return svg("rect", { ...attributes, x: x - side / 2, y: y - side / 2, width: side, height: side });
}

function errorBar(point, x, y) {
  if (!point.cost_u95) return null;
  const from = x(Math.max(point.cost - point.cost_u95, point.cost / 10));
  const to = x(point.cost + point.cost_u95);
  const at = y(point.top1_ratio);
  return svg("path", { class: "error", d: `M${from} ${at}H${to}M${from} ${at - 4}v8M${to} ${at - 4}v8` });
}

const overlaps = (one, other) =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

// Puts each label where it hides nothing; one that finds no place is left to the point's own words.
function placedLabels(points, front, x, y, width, text) {
  const taken = points.map((point) => ({ x: x(point.cost) - 9, y: y(point.top1_ratio) - 9, width: 18, height: 18 }));
  front.slice(1).forEach((point, index) => {
    const [from, to, low, high] = [x(front[index].cost), x(point.cost), y(front[index].top1_ratio), y(point.top1_ratio)];
    taken.push({ x: from, y: low - 1, width: to - from, height: 2 }, { x: to - 1, y: high, width: 2, height: low - high });
  });
  return points.map((point) => {
    const words = text(point);
    const box = { width: words.length * CHARACTER, height: 14 };
    const [at, up] = [x(point.cost), y(point.top1_ratio)];
    const places = [
      [at + 13, up - 7], [at + 9, up + 8], [at - box.width / 2, up + 12], [at - 13 - box.width, up - 7],
      [at - 9 - box.width, up - 22], [at - box.width / 2, up - 26], [at + 9, up - 22], [at - 9 - box.width, up + 8],
    ];
    const free = places
      .map(([left, top]) => ({ ...box, x: left, y: top }))
      .find((place) =>
        place.x > LEFT + 2 && place.x + place.width < width - 2 && place.y > 0 && place.y + place.height < HEIGHT - BOTTOM &&
        !taken.some((other) => overlaps(place, other)));
    if (!free) return null;
    taken.push(free);
    return svg("text", { class: `name ${precisionClass(point.precision)}`, x: free.x, y: free.y + 11 }, words);
  });
}

// The best accuracy that a budget buys: level until the next point on the front.
function frontPath(front, x, y) {
  return front
    .map((point, index) => `${index ? "H" : "M"}${x(point.cost).toFixed(2)}${index ? "V" : " "}${y(point.top1_ratio).toFixed(2)}`)
    .join("");
}

function table(points, plot, whole) {
  const rows = points.map((point) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, shortName(point)),
      el("td", {}, precisionName(point.precision)),
      whole ? el("td", {}, point.cpu_cluster) : null,
      el("td", { class: "number" }, percent(point.top1_ratio)),
      el("td", { class: "number" }, quantity(point.cost, point.cost_u95, plot.unit)),
      el("td", {}, { certain: "certain", optimal: "yes", dominated: "no" }[standing(point)]),
    ),
  );
  const heads = ["Model", "Precision", whole ? "Cluster" : null, "Top-1", AXIS[plot.objective][3], "Front"].filter(Boolean);
  return el(
    "table",
    { class: "figures" },
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows),
  );
}

export function title(plot, board) {
  const cluster = board.cpu_clusters.find((each) => each.name === plot.cpu_cluster);
  const place = cluster ? `on ${cluster.name}${cluster.core ? ` (${cluster.core})` : ""}` : "of the whole board";
  return { latency: `Latency ${place}`, energy: `Energy ${place}`, memory: "Memory, the model’s file" }[plot.objective];
}

export function scatter(container, plot, board) {
  const open = container.querySelector("details")?.open;
  const heading = el("h3", {}, title(plot, board));
  const costs = [...plot.points, ...plot.paper].map((point) => point.cost).filter((cost) => cost > 0);
  const points = plot.points.filter((point) => point.cost > 0).sort((one, other) => one.cost - other.cost);
  if (!points.length) {
    const where = plot.cpu_cluster ? `on ${plot.cpu_cluster}` : "here";
    container.replaceChildren(heading, el("p", { class: "empty" }, `No valid result ${where} yet: each point appears when its measurement has finished.`));
    return;
  }
  const [, factor, unit, what] = AXIS[plot.objective];
  const width = innerWidth(container);
  const accuracies = [...points, ...plot.paper].map((point) => point.top1_ratio);
  const lowest = Math.floor((Math.min(...accuracies) - 0.02) * 20) / 20;
  const highest = Math.min(1, Math.ceil((Math.max(...accuracies) + 0.015) * 20) / 20);
  const domain = [Math.min(...costs) / 1.25, Math.max(...costs) * 1.35];
  const x = logarithmic(domain, [LEFT, width - RIGHT]);
  const y = linear([lowest, highest], [HEIGHT - BOTTOM, TOP]);
  const kinds = [...new Set(plot.points.map((point) => point.cpu_cluster))].filter(Boolean);
  const several = !plot.cpu_cluster && kinds.length > 1;
  const kind = (point) => (several ? kinds.indexOf(point.cpu_cluster) : 0);
  const front = points.filter((point) => point.optimal);

  const grid = [
    ticks(lowest, highest, 5).map((value) =>
      svg("g", { class: "tick y", "data-value": value },
        svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
        svg("text", { x: LEFT - 8, y: y(value), dy: "0.35em", "text-anchor": "end" }, `${Math.round(value * 100)} %`))),
    logTicks(domain[0] / factor, domain[1] / factor, width / 44).map((value) =>
      svg("g", { class: "tick x", "data-value": value * factor },
        svg("line", { x1: x(value * factor), x2: x(value * factor), y1: TOP, y2: HEIGHT - BOTTOM }),
        svg("text", { x: x(value * factor), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, String(value)))),
    svg("text", { class: "axis", x: width - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, `${what}, ${unit} (logarithmic)`),
    svg("text", { class: "axis", x: 0, y: 11 }, "top-1 accuracy"),
  ];
  const readout = el("p", { class: "readout", "aria-hidden": "true" });
  const rest = `${front.length} of ${points.length} on the front, ${front.filter((point) => point.certain).length} of them certain.${leftOut(plot)}`;
  readout.textContent = rest;
  const drawn = points.map((point) => {
    const words = pointWords(point, plot.unit);
    const [at, up] = [x(point.cost), y(point.top1_ratio)];
    const group = svg(
      "g",
      {
        class: `point ${precisionClass(point.precision)} ${standing(point)}`, tabindex: 0, role: "img", "aria-label": words,
        "data-model": point.model, "data-cluster": point.cpu_cluster, "data-cost": point.cost, "data-top1": point.top1_ratio,
      },
      svg("title", {}, words),
      svg("circle", { class: "reach", cx: at, cy: up, r: 14 }),
      errorBar(point, x, y),
      point.optimal ? marker(kind(point), at, up, 8.5, { class: "ring" }) : null,
      marker(kind(point), at, up, 5, { class: "mark" }),
    );
    for (const event of ["focus", "pointerenter"]) group.addEventListener(event, () => { readout.textContent = words; });
    for (const event of ["blur", "pointerleave"]) group.addEventListener(event, () => { readout.textContent = rest; });
    return group;
  });
  const behind = plot.paper.map((point) =>
    svg("g", { class: `paper ${precisionClass(point.precision)}` },
      svg("title", {}, paperWords(point, plot.unit)),
      svg("circle", { cx: x(point.cost), cy: y(point.top1_ratio), r: 9 })));
  const text = (point) => (several ? `${label(point)} ${point.cpu_cluster}` : label(point));
  container.replaceChildren(
    heading,
    svg("svg", { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": `${title(plot, board)}: accuracy against ${what}. ${rest}` },
      grid, behind, svg("path", { class: "front", d: frontPath(front, x, y) }), placedLabels(points, front, x, y, width, text), drawn),
    readout,
    el("details", { open: open ? "" : null }, el("summary", {}, "Figures"), table(points, plot, several)),
  );
}

// What the marks mean, drawn as they are.
export function key(container, hasPaper) {
  const sample = (className, ...parts) => svg("svg", { width: 24, height: 22, viewBox: "0 0 24 22", "aria-hidden": "true" }, svg("g", { class: className }, parts));
  const ring = () => svg("circle", { class: "ring", cx: 12, cy: 11, r: 8.5 });
  const mark = () => svg("circle", { class: "mark", cx: 12, cy: 11, r: 5 });
  const entries = [
    [sample("point fp32", mark()), "FP32"],
    [sample("point int8", mark()), "INT8"],
    [sample("point certain", ring()), "on the Pareto front, certain: no other can beat it within U95"],
    [sample("point optimal", ring()), "on the front, not certain"],
    hasPaper ? [sample("paper fp32", svg("circle", { cx: 12, cy: 11, r: 9 })), "the paper’s board"] : null,
  ].filter(Boolean);
  container.replaceChildren(el("ul", { class: "key" }, entries.map(([drawing, words]) => el("li", {}, drawing, el("span", {}, words)))));
}
