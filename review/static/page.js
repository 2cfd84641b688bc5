// Wires keys, machine, network and painting together; everything that decides is in machine.js.

import { codeOf } from "./dom.js";
import { KEYS, readKey, sayKey } from "./keys.js";
import { ASIDE, begin, step, suggestionsOf } from "./machine.js";
import { createNet } from "./net.js";
import { paintButtons, paintLegend, paintPanel } from "./panel.js";
import { openPicker } from "./picker.js";
import { paintMarks, paintTranscript, showCurrent } from "./transcript.js";
import { markWords } from "./words.js";

const at = (id) => document.getElementById(id);
const ROOT = at("screen");
const net = createNet(dispatch);

const WORDS = JSON.parse(ROOT.dataset.words);

let machine = begin(JSON.parse(ROOT.dataset.screen), WORDS);
let painted = null;
let codes = null;
let isFinishing = false;

// The buttons show their own keys.
const UNBUTTONED = ["toggle", "reject", "previous", "following", "explain", "help"];

const EFFECTS = {
  paint,
  say: ({ text, tone }) => { at("said").textContent = text; at("said").className = `said ${tone}`; },
  saving: ({ text }) => {
    at("saving").textContent = text;
    at("saving").classList.toggle("is-late", text.includes("retrying"));
  },
  send: ({ entry }) => net.send(entry),
  resend: () => net.resend(() => machine.outbox[0]),
  load: ({ excerptId }) => net.load(excerptId),
  reload: ({ excerptId }) => net.loadLater(excerptId),
  finish: () => { isFinishing = true; window.location.assign("/"); },
  openPicker: showPicker,
  openHelp: () => at("help").showModal(),
};

export function dispatch(event) {
  const result = step(machine, event);
  machine = result.machine;
  for (const effect of result.effects) EFFECTS[effect.do](effect);
}

function command(name, more = {}) {
  dispatch({ type: "command", command: name, id: crypto.randomUUID(), ...more });
}

function paint() {
  const { screen } = machine;
  const isMove = painted !== screen.turns;
  const focused = document.activeElement?.dataset?.focus;
  if (isMove) paintTranscript(at("transcript"), screen);
  paintMarks(at("transcript"), screen);
  paintPanel(at("codes"), machine);
  if (focused) document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  if (isMove) arrive(screen);
  painted = screen.turns;
  showTellingWords();
}

// Those of the suggestion that the pointer is on, else of the one that has the focus.
function showTellingWords() {
  const pointed = at("codes").querySelector("[data-telling]:hover") ?? at("codes").querySelector("[data-telling]:focus-within");
  const found = suggestionsOf(machine.screen).find((one) => String(one.id) === pointed?.dataset.telling);
  markWords(at("transcript"), machine.screen, found?.words ?? []);
}

function arrive(screen) {
  at("interview").textContent = screen.interview;
  at("n-done").textContent = `${screen.n_done}/${screen.n_excerpts} done`;
  Object.assign(at("progress"), { max: screen.n_excerpts, value: screen.n_done });
  document.title = `${screen.interview} · ${screen.number} of ${screen.n_excerpts} – themeloop`;
  const path = `/excerpts/${screen.excerpt_id}`;
  if (window.location.pathname !== path) window.history.pushState(null, "", path);
  at("codes").scrollTop = 0;
  window.scrollTo(0, 0);
  const target = painted === null && window.location.hash.slice(1);
  if (target) at(target)?.scrollIntoView({ block: "start" });
  else showCurrent(at("transcript"));
  // After the frame that shows it, not before: only then can a key be meant for this excerpt.
  requestAnimationFrame(() => setTimeout(() => {
    performance.mark("painted");
    dispatch({ type: "painted" });
  }));
}

async function showPicker() {
  codes ??= await net.read("/api/codebook");
  if (!codes || machine.phase !== ASIDE) {
    dispatch({ type: "closed" });
    return;
  }
  const { screen } = machine;
  openPicker(at("picker"), {
    codes,
    language: screen.language,
    given: screen.state.given,
    onPick: (code) => dispatch({ type: "pick", id: crypto.randomUUID(), ...code }),
  });
}

function onKeyDown(event) {
  // The Enter that chooses in the picker arrives here after the picker has closed.
  if (machine.phase === ASIDE || event.target.closest?.("dialog")) {
    if (at("help").open && event.key === "h") at("help").close();
    return;
  }
  // Whoever reached a button with Tab presses that button.
  const isOnButton = event.target.closest?.("button:focus-visible, a:focus-visible, summary:focus-visible");
  const found = readKey(event);
  if (!found || event.isComposing || (isOnButton && event.key === "Enter")) return;
  event.preventDefault();
  if (event.repeat && !["previous", "following"].includes(found.command)) return;
  performance.mark("pressed");
  command(found.command, { digit: found.digit });
}

function onClick(event) {
  // A button keeps no focus from the mouse, or Enter would press it again.
  if (event.detail > 0) document.activeElement?.blur?.();
  const button = event.target.closest("[data-command]");
  if (button) press(button.dataset);
  const part = event.target.closest("[data-excerpt]");
  if (!part || !window.getSelection().isCollapsed || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const excerptId = Number(part.dataset.excerpt);
  if (excerptId !== machine.screen.excerpt_id) dispatch({ type: "goto", excerptId });
}

function press({ command: name, suggestion, guid }) {
  if (name !== "remove") return command(name, { digit: null, suggestionId: Number(suggestion) });
  return dispatch({ type: "pick", id: crypto.randomUUID(), guid, ...codeOf(machine.screen, guid) });
}

function setUp() {
  paintButtons(at("buttons"), WORDS, command);
  paintLegend(at("legend"), UNBUTTONED, (entry) => entry.brief);
  at("close-help").addEventListener("click", () => at("help").close());
  at("show-keys").addEventListener("click", () => command("help"));
  paintLegend(at("all-keys"), KEYS.map((entry) => entry.command), (entry) => sayKey(entry, WORDS));
  for (const id of ["picker", "help"]) {
    at(id).addEventListener("close", () => dispatch({ type: "closed" }));
    at(id).addEventListener("click", (event) => { if (event.target === at(id)) at(id).close(); });
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
  paint();
  net.read("/api/codebook").then((read) => { codes = read; });
}

setUp();
