// Decides on what is ticked, one after the other: each is an action of its own and is undone by itself.

import { post } from "./post.js";
import { t } from "./say.js";
import { Ticks } from "./ticks.js";

const WAITS = [1000, 3000];
const section = document.getElementById("deciding");

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const button = (verdict) => section.querySelector(`[data-verdict="${verdict}"]`);
const place = (row, name) => row.querySelector(name);

// The same id again is stored once: a row keeps its own until the server has answered.
async function send(address, body) {
  for (const wait of WAITS) {
    const answer = await post(address, body);
    if (!answer.isLate) return answer;
    await sleep(wait);
  }
  const answer = await post(address, body);
  return answer.isLate ? { error: t("The study cannot be reached. Try this one again."), mayRetry: true } : answer;
}

function bodyOf(row, verdict, action) {
  return {
    id: action,
    excerpt_id: Number(row.dataset.excerpt),
    model_version_id: Number(row.dataset.model),
    after: row.dataset.after,
    shown_ms: ticks.shownMs(row),
    has_next: true,
    verdicts: [{ verdict, suggestion_id: Number(row.dataset.suggestion) }],
  };
}

function tellError(row, error) {
  row.classList.add("is-wrong");
  place(row, ".stored").textContent = error;
}

function tellStored(row, state) {
  const { guid } = section.dataset;
  const isGiven = state.given.includes(guid);
  row.classList.remove("is-wrong");
  row.classList.toggle("is-given", isGiven);
  row.classList.toggle("is-rejected", state.rejected.includes(guid));
  place(row, ".stored").textContent = isGiven ? t("Stored: accepted") : t("Stored: rejected");
  place(row, "[data-act=undo]").hidden = false;
}

async function sendOne(row, unsent) {
  row.unsent = unsent;
  const { found, error, mayRetry } = await send("/api/actions", unsent.body);
  if (!mayRetry) row.unsent = null;
  if (error) return tellError(row, error);
  row.dataset.action = unsent.body.id;
  row.dataset.after = found.state.last_action;
  ticks.settle(row);
  tellStored(row, found.state);
  tellWaiting();
}

async function decide(row, verdict) {
  // What was sent and not answered may be stored: it is asked for first, or it might count twice.
  if (row.unsent && row.unsent.verdict !== verdict) {
    await sendOne(row, row.unsent);
    if (row.unsent) return;
  }
  await sendOne(row, row.unsent ?? { verdict, body: bodyOf(row, verdict, crypto.randomUUID()) });
}

async function decideTicked(verdict) {
  const rows = ticks.ticked();
  const bar = section.querySelector("progress");
  const line = section.querySelector(".ticked");
  setBusy(true);
  bar.max = rows.length;
  for (const [number, row] of rows.entries()) {
    bar.value = number;
    line.textContent = t("Storing {number} of {n}", { number: number + 1, n: rows.length });
    await decide(row, verdict);
  }
  setBusy(false);
  const nWrong = rows.filter((row) => row.classList.contains("is-wrong")).length;
  line.textContent = nWrong ? t("{n} stored, {wrong} not: see below.", { n: rows.length - nWrong, wrong: nWrong }) : t("All stored.");
  goOn();
}

// The button that was pressed is disabled now: the keyboard goes on with what waits next.
function goOn() {
  const open = ticks.rows.find((row) => !ticks.settled().includes(row));
  const next = open ? place(open, "input") : place(section, "[data-act=next]");
  if (!next.hidden) next.focus({ preventScroll: true });
}

async function undo(row) {
  const control = place(row, "[data-act=undo]");
  control.disabled = true;
  row.undoing ??= crypto.randomUUID();
  const { found, error, mayRetry } = await send("/api/undo", { id: row.undoing, action: row.dataset.action });
  control.disabled = false;
  if (error) {
    if (!mayRetry) row.undoing = null;
    return tellError(row, error);
  }
  // Where it had been taken back elsewhere, what is the latest there is not known here.
  if (found.is_new) row.dataset.after = row.undoing;
  row.undoing = null;
  control.hidden = true;
  row.classList.remove("is-given", "is-rejected", "is-wrong");
  place(row, ".stored").textContent = t("Taken back: it waits again");
  ticks.release(row);
  tellWaiting();
  place(row, "input").focus();
}

// What was decided waits no more; the pages after this one begin earlier by as much.
function tellWaiting() {
  const nDecided = ticks.settled().length;
  const count = document.getElementById("waiting");
  count.textContent = t("{n} waiting", { n: Number(count.dataset.n) - nDecided });
  const next = document.querySelector(".pages [rel=next]");
  if (next) next.search = new URLSearchParams({ first: Number(next.dataset.first) - nDecided });
  place(section, "[data-act=next]").hidden = nDecided < ticks.rows.length || Number(count.dataset.n) === nDecided;
}

let isBusy = false;

function setBusy(value) {
  isBusy = value;
  section.querySelector("progress").hidden = !value;
  ticks.lock(value);
  tellTicked();
}

function tellTicked() {
  const rows = ticks.ticked();
  for (const control of section.querySelectorAll("[data-verdict], [data-act=none]")) control.disabled = isBusy || rows.length === 0;
  section.querySelector("[data-act=all]").disabled = isBusy;
  if (isBusy) return;
  const seconds = Math.round((ticks.countWords(rows) / Number(section.dataset.pace)) * 60);
  section.querySelector(".ticked").textContent = rows.length === 0
    ? t("Nothing is ticked. Space ticks; shift and a click tick all from the last one on.")
    : t("{n} ticked. Reading them takes about {seconds} seconds.", { n: rows.length, seconds });
}

const dialog = document.getElementById("ask");

function askForAll() {
  const { seen, unseen } = ticks.sortBySeen();
  dialog.querySelector("#asked").textContent = seen.length
    ? t("Tick the {n} that were on your screen for at least a second?", { n: seen.length })
    : t("None of them was on your screen for a second yet.");
  const others = dialog.querySelector("[data-line=left-out]");
  others.textContent = unseen.length ? t("{n} were not, and are left out. Read them first.", { n: unseen.length }) : "";
  dialog.querySelector("[data-act=tick]").hidden = seen.length === 0;
  dialog.showModal();
}

const ACTS = {
  all: askForAll,
  none: () => ticks.tickNone(),
  cancel: () => dialog.close(),
  tick: () => { ticks.tickSeen(); dialog.close(); },
  // Those that were after them stand where they stood now.
  next: () => window.location.reload(),
};

const ticks = section ? new Ticks([...document.querySelectorAll(".pending")], tellTicked, section.offsetHeight) : null;

function listen() {
  for (const name of ["accept", "reject"]) button(name).addEventListener("click", () => decideTicked(name));
  document.addEventListener("click", (event) => {
    const act = event.target.closest?.("[data-act]")?.dataset.act;
    if (act === "undo") undo(event.target.closest(".pending"));
    else ACTS[act]?.();
  });
  // Half of a row of decisions is half decided, and nobody would know which half.
  window.addEventListener("beforeunload", (event) => { if (isBusy) event.preventDefault(); });
  tellTicked();
}

if (section) listen();
// Where a browser brings the page back as it was left, its counts are of then.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
