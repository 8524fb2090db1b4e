// Which CPU clusters were held back, and when: a strip for each.

import { el, innerWidth, svg } from "./dom.js";
import { duration } from "./words.js";
import { linear } from "./scale.js";

const LEFT = 46;
const RIGHT = 112;
const ROW = 34;

// Stretches of moments in which the cluster was throttled, each since the moment before it.
export function stretches(at, flags) {
  const found = [];
  flags.forEach((flag, index) => {
    if (!flag) return;
    const from = index ? at[index - 1] : at[index];
    const last = found[found.length - 1];
    if (last && last.to === from) last.to = at[index];
    else found.push({ from, to: at[index] });
  });
  return found;
}

export function throttlingStrips(container, at, throttled, clusters) {
  const heading = el("h3", {}, "Throttling");
  const known = clusters.filter((cluster) => cluster.throttling_known && throttled[cluster.name]);
  if (!known.length) {
    const why = "Nobody can tell: the kernel shows no cooling device that limits a CPU clock.";
    container.replaceChildren(heading, el("p", { class: "empty" }, why));
    return;
  }
  const width = innerWidth(container);
  const height = ROW * known.length + 6;
  const now = at[at.length - 1];
  const span = Math.max(60, now - at[0]);
  const x = linear([now - span, now], [LEFT, width - RIGHT]);
  const told = [];
  const rows = known.map(({ name }, index) => {
    const found = stretches(at, throttled[name]);
    const total = found.reduce((sum, { from, to }) => sum + to - from, 0);
    const isNow = throttled[name][throttled[name].length - 1] === 1;
    const said = isNow ? "throttled" : total ? `${duration(total)} held` : "not held back";
    told.push(`${name} ${isNow ? "is throttled" : "is not throttled"}, ${duration(total)} in the last ${duration(span)}`);
    const y = ROW * index + ROW / 2;
    return [
      svg("line", { class: "strip", x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
      found.map(({ from, to }) =>
        svg("rect", { class: "held", x: x(from), width: Math.max(2, x(to) - x(from)), y: y - 8, height: 16 }),
      ),
      svg("text", { class: "end soft", x: LEFT - 8, y, dy: "0.35em", "text-anchor": "end" }, name),
      svg("text", { class: isNow ? "end bad" : "end soft", x: width - RIGHT + 12, y, dy: "0.35em" }, said),
    ];
  });
  const drawing = svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told.join("; ") },
    rows,
  );
  container.replaceChildren(heading, drawing);
}
