// The last minutes: power, clocks, temperatures and throttling.

import { byId, el } from "./dom.js";
import { stretches, throttlingStrips } from "./throttling.js";
import { timePlot } from "./timeplot.js";

const KEPT_S = 600;
const NAMED = new Set(["big", "little", "gpu", "mem", "board", "cpu", "mid"]);
const seriesClass = (name, index) => (NAMED.has(name) ? `is-${name}` : `is-${index % 4}`);

const GROUPS = ["power_w", "frequency_hz", "limit_hz", "temperature_c", "throttled"];

// The history so far with newer moments after it.
export function joined(history, newer) {
  if (!history || !newer.at_s.length) return history || newer;
  const at = [...history.at_s, ...newer.at_s];
  const first = at.findIndex((moment) => moment >= at[at.length - 1] - KEPT_S);
  const result = { at_s: at.slice(first) };
  for (const group of GROUPS) {
    result[group] = {};
    for (const name of new Set([...Object.keys(history[group]), ...Object.keys(newer[group])])) {
      const before = history[group][name] || history.at_s.map(() => null);
      const after = newer[group][name] || newer.at_s.map(() => null);
      result[group][name] = [...before, ...after].slice(first);
    }
  }
  return result;
}

function panels(container) {
  if (!container.querySelector("[data-panel]")) {
    const names = ["power", "frequency", "temperature", "throttling"];
    container.replaceChildren(...names.map((name) => el("div", { class: "plot", "data-panel": name })));
  }
  return (name) => container.querySelector(`[data-panel=${name}]`);
}

const fromZero = (_, highest) => [0, highest > 0 ? highest * 1.08 : 1];

function powerEmpty(board) {
  if (board.rails.length) return "No sensor answers at the moment.";
  return "No power sensor, so no watts and no joules here; what would bring them stands below the trade-offs.";
}

const lines = (columns) =>
  Object.entries(columns).map(([name, values], index) => ({ name, class: seriesClass(name, index), values }));

function temperatures(history) {
  const all = lines(history.temperature_c);
  const now = (each) => each.values[each.values.length - 1] ?? -Infinity;
  const hottest = all.reduce((one, other) => (one && now(one) >= now(other) ? one : other), null);
  return all.map((each) => ({
    ...each,
    name: each.name.replace(/-thermal$/, ""),
    class: each === hottest ? "is-hottest" : "is-zone",
  }));
}

function passiveTrips(board) {
  const trips = board.thermal_zones.flatMap((zone) => zone.trips).filter((trip) => trip.action === "passive");
  if (!trips.length) return [];
  const value = Math.min(...trips.map((trip) => trip.temperature_c));
  return [{ value, text: `the kernel slows down from ${value} °C` }];
}

export function drawLive(board, history) {
  const panel = panels(byId("live-plots"));
  const at = history.at_s;
  const bands = Object.entries(history.throttled).flatMap(([name, flags]) =>
    stretches(at, flags).map((stretch) => ({ ...stretch, text: `${name} throttled` })),
  );
  timePlot(
    panel("power"),
    {
      title: "Power per rail, W", what: "rail", height: 170, domain: fromZero, empty: powerEmpty(board),
      say: (value) => `${value.toFixed(2)} W`, tick: (value) => `${value}`,
    },
    at,
    lines(history.power_w),
    bands,
  );
  const caps = board.cpu_clusters
    .map((cluster) => [cluster, history.limit_hz[cluster.name]])
    .filter(([cluster, limits]) => limits?.some((limit) => limit !== null && limit < cluster.max_frequency_hz))
    .map(([cluster, values]) => ({ name: `${cluster.name} limit`, class: `${seriesClass(cluster.name, 0)} limit`, values, unlabelled: true }));
  timePlot(
    panel("frequency"),
    {
      title: "Clock of each CPU cluster, GHz", what: "CPU cluster", height: 170, domain: fromZero,
      empty: "The kernel shows no CPU clock here (no cpufreq).",
      say: (value) => `${(value / 1e9).toFixed(2)} GHz`, tick: (value) => (value / 1e9).toFixed(1),
    },
    at,
    [...lines(history.frequency_hz), ...caps],
    bands,
  );
  timePlot(
    panel("temperature"),
    {
      title: "Temperature, °C", what: "thermal zone", height: 170,
      domain: (lowest, highest) => [Math.floor(lowest / 10) * 10, Math.max(highest + 5, Math.floor(lowest / 10) * 10 + 20)],
      empty: "The kernel shows no thermal zone here.", references: passiveTrips(board),
      say: (value) => `${value.toFixed(1)} °C`, tick: (value) => `${value}`,
    },
    at,
    temperatures(history),
    bands,
  );
  throttlingStrips(panel("throttling"), at, history.throttled, [...board.cpu_clusters].reverse());
}
