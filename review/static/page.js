// Wires keys, machine, network and painting together; everything that decides is in machine.js.

import { paintAllKeys, paintButtons, paintLegend } from "./buttons.js";
import { createCodingTools } from "./coding_tools.js";
import { codeOf } from "./dom.js";
import { watchEdge } from "./edges.js";
import { paintGiven } from "./given.js";
import { makeReader } from "./keys.js";
import { ASIDE, begin, step } from "./machine.js";
import { suggestionsOf } from "./moves.js";
import { createNet } from "./net.js";
import { openOutbox } from "./outbox.js";
import { paintPanel, settleReasons } from "./panel.js";
import { t } from "./say.js";
import { paintMarks, paintTranscript, showCurrent } from "./transcript.js";
import { markWords } from "./words.js";

const at = (id) => document.getElementById(id);
const ROOT = at("screen");
const { owner } = ROOT.dataset;
const [WORDS, KEYS] = [JSON.parse(ROOT.dataset.words), JSON.parse(ROOT.dataset.keys)];
const outbox = openOutbox(owner);
const net = createNet(dispatch);
const read = makeReader(KEYS);
// The page is served on this machine or encrypted: every browser makes ids there.
const makeId = () => crypto.randomUUID();

let machine = begin(JSON.parse(ROOT.dataset.screen), WORDS, outbox.read());
let painted = null;
let paintedAt = 0;
let isFinishing = false;
const HAS_POPOVERS = Object.hasOwn(HTMLElement.prototype, "popover");

const edge = watchEdge(at("codes"), settleReasons);
const tools = createCodingTools({ dispatch, makeId, now: () => machine, pickKey: KEYS.pick[0] });

const EFFECTS = {
  paint,
  say: ({ text, tone }) => { at("said").textContent = text; at("said").className = `said ${tone}`; },
  saving: ({ text, isLate }) => { at("saving").textContent = text; at("saving").classList.toggle("is-late", isLate); },
  keep: (effect) => outbox.keep(effect.outbox),
  send: ({ entry }) => net.send(entry),
  resend: () => net.resend(() => machine.outbox[0]),
  load: ({ excerptId }) => net.load(excerptId),
  reload: ({ excerptId }) => net.loadLater(excerptId),
  ahead: ({ ids }) => net.loadAhead(ids),
  finish: () => { isFinishing = true; window.location.assign("/"); },
  visit: ({ address }) => window.location.assign(address),
  openHelp: () => at("help").showModal(),
  ...tools.effects,
};

function dispatch(event) {
  const result = step(machine, event);
  machine = result.machine;
  for (const effect of result.effects) EFFECTS[effect.do](effect);
}

function command(name, more = {}) {
  const shownMs = Math.round(performance.now() - paintedAt);
  dispatch({ type: "command", command: name, id: makeId(), shownMs, ...more });
}

function paint() {
  const { screen } = machine;
  const isMove = painted !== screen.turns || at("transcript").dataset.inHand !== String(screen.excerpt_id);
  const focused = document.activeElement?.dataset?.focus;
  if (isMove) paintTranscript(at("transcript"), screen);
  paintMarks(at("transcript"), screen);
  paintPanel(at("codes"), machine);
  paintGiven(at("given"), machine);
  at("n-done").textContent = t("{n} of {all} done", { n: screen.n_done, all: screen.n_excerpts });
  Object.assign(at("progress"), { max: screen.n_excerpts, value: screen.n_done });
  if (focused) document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  if (isMove) arrive(screen);
  painted = screen.turns;
  at("transcript").dataset.inHand = screen.excerpt_id;
  tools.paint();
  edge.settle();
  showTellingWords();
}

// Those of the suggestion that the pointer is on, else of the one that has the focus.
function showTellingWords() {
  const pointed = at("codes").querySelector("[data-telling]:hover") ?? at("codes").querySelector("[data-telling]:focus-within");
  const found = suggestionsOf(machine.screen).find((one) => String(one.id) === pointed?.dataset.telling);
  markWords(at("transcript"), machine.screen, found?.words ?? []);
}

function arrive(screen) {
  const { number, n_excerpts: all } = screen;
  at("interview").textContent = screen.interview;
  document.title = `${screen.interview} · ${number} / ${all} – themeloop`;
  const path = `/excerpts/${screen.excerpt_id}`;
  if (window.location.pathname !== path) window.history.pushState(null, "", path);
  at("codes").scrollTop = 0;
  window.scrollTo(0, 0);
  const target = painted === null && window.location.hash.slice(1);
  if (target) at(target)?.scrollIntoView({ block: "start" });
  else showCurrent(at("transcript"));
  // After the frame that shows it, not before: only then can a key be meant for this excerpt.
  requestAnimationFrame(() => setTimeout(() => {
    performance.mark("painted", { detail: screen.excerpt_id });
    paintedAt = performance.now();
    dispatch({ type: "painted" });
    announce(screen);
  }));
}

// What somebody who does not see the page hears of a new excerpt.
function announce(screen) {
  const spoken = screen.turns.flatMap((turn) => turn.parts).filter((part) => part.excerpt_id === screen.excerpt_id);
  const names = suggestionsOf(screen).map(({ key, guid }) => `${key ?? ""} ${codeOf(screen, guid).name}`);
  at("arrival").textContent = [
    t("Excerpt {number} of {all}.", { number: screen.number, all: screen.n_excerpts }),
    spoken.map((part) => part.text).join(" "), names.join(", "),
  ].filter(Boolean).join(" ");
}

function onKeyDown(event) {
  // Keys are not for what lies behind the list of pages.
  if (HAS_POPOVERS && at("all-pages").matches(":popover-open")) return;
  // The Enter that chooses in the picker arrives here after the picker has closed.
  if (machine.phase === ASIDE || event.target.closest?.("dialog, input, textarea, audio")) {
    if (at("help").open && read(event)?.command === "help") at("help").close();
    return;
  }
  // Whoever reached a button with Tab presses that button.
  const isOnButton = event.target.closest?.("button:focus-visible, a:focus-visible, summary:focus-visible");
  const found = read(event);
  if (!found || event.isComposing || (isOnButton && ["Enter", " "].includes(event.key))) return;
  event.preventDefault();
  if (event.repeat && !["previous", "following"].includes(found.command)) return;
  performance.mark("pressed");
  command(found.command, { digit: found.digit });
}

function onClick(event) {
  // A button keeps no focus from the mouse, or Enter would press it again.
  if (event.detail > 0 && !event.target.closest("dialog, input, textarea")) document.activeElement?.blur?.();
  const button = event.target.closest("[data-command]");
  if (button) press(button.dataset);
  const part = event.target.closest("[data-excerpt]");
  const isAside = event.target.closest("button, audio") || !window.getSelection().isCollapsed;
  if (!part || !at("transcript").contains(part) || isAside || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const excerptId = Number(part.dataset.excerpt);
  if (excerptId !== machine.screen.excerpt_id) dispatch({ type: "goto", excerptId });
}

function press({ command: name, suggestion, guid }) {
  if (name !== "remove") return command(name, { digit: null, suggestionId: Number(suggestion) });
  return dispatch({ type: "pick", id: makeId(), guid, ...codeOf(machine.screen, guid) });
}

function setUp() {
  const places = { main: at("buttons"), tools: at("tools"), bounds: at("bounds") };
  paintButtons(places, { keys: KEYS, words: WORDS }, command);
  paintLegend(at("legend"), KEYS);
  paintAllKeys(at("all-keys"), { keys: KEYS, words: WORDS });
  at("close-help").addEventListener("click", () => at("help").close());
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("close", () => dispatch({ type: "closed" }));
    dialog.addEventListener("click", (event) => { if (event.target === dialog && dialog.id !== "writing") dialog.close(); });
  }
  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("click", onClick);
  for (const change of ["pointerover", "pointerleave", "focusin", "focusout"]) {
    at("codes").addEventListener(change, showTellingWords);
  }
  window.addEventListener("popstate", () => {
    const id = Number(window.location.pathname.split("/").at(-1));
    if (id) dispatch({ type: "goto", excerptId: id });
  });
  window.addEventListener("beforeunload", (event) => {
    if (machine.outbox.length && !isFinishing) event.preventDefault();
  });
  window.addEventListener("online", () => { if (machine.trouble) net.send(machine.outbox[0]); });
  paint();
  dispatch({ type: "started" });
}

setUp();
