// The table of cases: the same rows as the server's static summary makes.

import { byId, el } from "./dom.js";
import { duration, percent, precisionClass, precisionName, scaled, shortName } from "./words.js";

const figure = (uncertain, factor, unit) => {
  const { value, u95 } = scaled(uncertain.value, uncertain.u95, factor);
  return [el("span", { class: "value" }, value), el("span", { class: "u95" }, `${u95} ${unit}`.trim())];
};

const cell = (name, className, ...content) => el("td", { role: "cell", class: className, "data-label": name }, ...content);

function ago(finished) {
  if (finished.age_s === null) return "before the clock was set";
  return `${duration(finished.age_s)} ago`;
}

const when = (finished) =>
  el("time", { datetime: new Date(finished.wall_s * 1000).toISOString(), title: new Date(finished.wall_s * 1000).toLocaleString() }, ago(finished));

function verdict(each, running) {
  const now = running ? el("span", { class: "running" }, "measuring now") : null;
  if (!each.last) return now || el("span", { class: "soft" }, "not measured yet");
  if (each.last.verdict === "valid") return [el("span", { class: "good" }, "valid"), " ", el("span", { class: "soft" }, when(each.last.finished)), now ? " " : null, now];
  const reasons = [...new Set(each.last.rejections.map(({ reason }) => reason.replaceAll("_", " ")))].join(", ");
  return [
    el("span", { class: "bad" }, `rejected: ${reasons}`), " ", el("span", { class: "soft" }, when(each.last.finished)),
    el("span", { class: "detail" }, each.last.rejections.map(({ detail }) => detail).join("; ")),
    each.result ? el("span", { class: "detail" }, "figures: valid, ", when(each.result.finished)) : null,
    now,
  ];
}

function row(each, hasEnergy, running) {
  const result = each.result;
  const none = el("span", { class: "soft" }, "–");
  const fps = (value) => (value === null || value === undefined ? none.cloneNode(true) : value.toFixed(2));
  return el(
    "tr",
    { role: "row", "data-case": `${each.model}@${each.cpu_cluster}` },
    el("th", { role: "rowheader", scope: "row", title: each.model },
      shortName(each), " ", el("span", { class: `chip ${precisionClass(each.precision)}` }, precisionName(each.precision))),
    cell("Latency", "number", result?.latency_s ? figure(result.latency_s, 1e-3, "ms") : none.cloneNode(true)),
    cell("FPS", "number", fps(result?.frames_per_second)),
    cell("Paper’s FPS", "number soft", fps(each.paper_frames_per_second)),
    hasEnergy ? cell("Net energy", "number", result?.net_energy_j ? figure(result.net_energy_j, 1e-3, "mJ") : none.cloneNode(true)) : null,
    cell("Top-1", "number", each.top1_ratio === null ? none.cloneNode(true) : percent(each.top1_ratio)),
    cell("Verdict", "verdict", verdict(each, running)),
  );
}

export function drawResults(results, board, running) {
  const table = byId("cases");
  const hasEnergy = table.querySelector("th.energy") !== null;
  const bodies = [...new Set(results.cases.map((each) => each.cpu_cluster))]
    .map((name) => [
      board.cpu_clusters.find((cluster) => cluster.name === name) || { name, core: "" },
      results.cases.filter((each) => each.cpu_cluster === name),
    ])
    .map(([cluster, cases]) =>
      el(
        "tbody",
        { role: "rowgroup" },
        el("tr", { role: "row", class: "group" },
          el("th", { role: "rowheader", scope: "rowgroup", colspan: hasEnergy ? 7 : 6 },
            el("span", { class: `swatch is-${cluster.name}` }), cluster.name, " ", el("span", { class: "soft" }, cluster.core))),
        cases.map((each) => row(each, hasEnergy, running.has(`${each.model}@${each.cpu_cluster}`))),
      ),
    );
  table.replaceChildren(table.tHead, ...bodies);
}
