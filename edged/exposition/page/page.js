// Asks the daemon for what is new, and draws it. Nothing here comes from, or goes to, anywhere else.

import { runningCases, drawActivity } from "./activity.js";
import { byId, el } from "./dom.js";
import { drawLive, joined } from "./live.js";
import { drawResults } from "./results.js";
import { key, scatter } from "./scatter.js";
import { duration } from "./words.js";

const LIVE_MS = 2000;
const RESULTS_MS = 8000;
const PATIENCE_MS = 6000;
const STALE_S = 10;

const seen = { board: null, status: null, history: null, results: null, tradeoffs: null };
const link = { answeredAt: performance.now(), newAt: performance.now(), at_s: null, lost: false };

async function ask(path) {
  const response = await fetch(`api/v1/${path}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const answer = await response.json();
  link.answeredAt = performance.now();
  if (answer.snapshot.at_s !== link.at_s) {
    // A daemon that began anew may count time from elsewhere: what was drawn before does not go with it.
    if (answer.snapshot.at_s < link.at_s) seen.history = null;
    link.at_s = answer.snapshot.at_s;
    link.newAt = performance.now();
  }
  return answer;
}

function drawLink() {
  const age = (performance.now() - link.newAt) / 1000;
  const stale = age > STALE_S;
  let words = "Live";
  if (link.lost) words = `No answer from the daemon. What is shown is ${duration(age)} old.`;
  else if (stale) words = `The daemon answers, but tells nothing new. What is shown is ${duration(age)} old.`;
  const box = byId("link");
  if (box.textContent !== words) box.textContent = words;
  box.className = link.lost || stale ? "lost" : "live";
  document.body.classList.toggle("stale", link.lost || stale);
}

async function live() {
  const after = seen.history?.at_s.length ? `?after=${seen.history.at_s[seen.history.at_s.length - 1]}` : "";
  const [status, newer] = await Promise.all([ask("status"), ask(`history${after}`)]);
  seen.status = status;
  seen.history = seen.history ? joined(seen.history, newer) : newer;
  drawActivity(byId("activity"), status);
  // The row that is being measured is marked as soon as that is told above.
  if (seen.results && running() !== drawnRunning) drawTable();
  if (seen.history.at_s.length) drawLive(seen.board, seen.history);
}

function drawTradeoffs() {
  const container = byId("tradeoff-plots");
  const plots = seen.tradeoffs.plots.filter((plot) => plot.objective !== "energy" || seen.board.rails.length || plot.points.length);
  const names = plots.map((plot) => `${plot.objective}-${plot.cpu_cluster}`);
  if (names.join() !== [...container.children].map((child) => child.dataset.plot).join()) {
    container.replaceChildren(...names.map((name) => el("div", { class: "plot", "data-plot": name })));
  }
  key(byId("tradeoff-key"), plots.some((plot) => plot.paper.length));
  plots.forEach((plot, index) => scatter(container.children[index], plot, seen.board));
}

let drawnTradeoffs = "";
let drawnRunning = "";

function running() {
  return [...runningCases(seen.status)].join();
}

function drawTable() {
  drawResults(seen.results, seen.board, runningCases(seen.status));
  drawnRunning = running();
}

async function results() {
  // Sensors may come and go: the board is asked for each time.
  const [board, found, tradeoffs] = await Promise.all([ask("board"), ask("results"), ask("tradeoffs")]);
  seen.board = board;
  seen.results = found;
  seen.tradeoffs = tradeoffs;
  drawTable();
  // Drawn anew only when there is something new: the point that has the focus keeps it.
  const drawing = JSON.stringify(tradeoffs.plots);
  if (drawing !== drawnTradeoffs) drawTradeoffs();
  drawnTradeoffs = drawing;
}

async function repeat(task, pause) {
  for (;;) {
    try {
      if (!seen.board) seen.board = await ask("board");
      await task();
      link.lost = false;
      document.documentElement.dataset[task.name] = "drawn";
    } catch (error) {
      link.lost = true;
      // A daemon that is away is no fault of the page; anything else is, and should be seen.
      if (!(error instanceof TypeError && /fetch|network/i.test(error.message)) && error.name !== "TimeoutError") console.warn(error);
    }
    drawLink();
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
}

let width = document.body.clientWidth;
new ResizeObserver(() => {
  if (document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  if (seen.tradeoffs) drawTradeoffs();
  if (seen.history?.at_s.length) drawLive(seen.board, seen.history);
}).observe(document.body);

setInterval(drawLink, 1000);
repeat(live, LIVE_MS);
repeat(results, RESULTS_MS);
