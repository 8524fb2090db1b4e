// What runs, what comes next, and why it waits.

import { el } from "./dom.js";
import { duration, precisionName, shortName } from "./words.js";

export const runningCases = (status) => new Set((status?.running || []).map((each) => `${each.model}@${each.cpu_cluster}`));

const named = (each) => `${shortName(each)} ${precisionName(each.precision)} on ${each.cpu_cluster}`;

function now(status) {
  if (status.waiting) {
    return [el("span", { class: "word waiting" }, "Waiting"), ` ${status.waiting.words} (for ${duration(status.waiting.for_s)} so far)`];
  }
  if (status.running.length) {
    return [el("span", { class: "word running" }, "Measuring"), ` ${status.running.map((each) => `${named(each)}, for ${duration(each.for_s)}`).join("; ")}`];
  }
  return [el("span", { class: "word" }, "Idle"), " nothing is measured at the moment"];
}

function next(status) {
  if (!status.next) return null;
  const soon = status.next.in_s === null ? "" : status.next.in_s < 1 ? ", right after" : `, in ${duration(status.next.in_s)}`;
  return el("p", { class: "soft" }, `Next: ${named(status.next)}${soon}`);
}

export function drawActivity(container, status) {
  const notes = status.notes.map((note) => el("p", { class: "soft" }, note));
  container.replaceChildren(...[el("p", { class: "now" }, now(status)), next(status), ...notes].filter(Boolean));
}
