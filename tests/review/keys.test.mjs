// The study's keys are read as they are set, on any keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";

import { COMMANDS as CARRIED_OUT } from "../../review/static/commands.js";
import { COMMANDS, makeReader, sayKey, showKeys } from "../../review/static/keys.js";
import { findCodes } from "../../review/static/picker.js";

const KEYS = {
  done: ["Enter"], pick: ["/", "c"], unsure: ["?"], undo: ["u"], following: ["ArrowDown", "j"],
  end_later: ["]"], end_later_sentence: ["Alt+]"], end_earlier_sentence: ["Alt+}"], help: ["F1"],
};
const readKey = makeReader(KEYS);
const event = (key, code, more = {}) => ({
  key, code, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more,
});
const shift = { shiftKey: true };

test("every command has its words, and is carried out", () => {
  for (const { command, says, brief } of COMMANDS) {
    assert.ok(says && brief, command);
    assert.equal(typeof CARRIED_OUT[command], "function", command);
  }
});

test("what a key does is said in the study's words, and no other word for them", () => {
  const says = COMMANDS.map((entry) => sayKey(entry, { one: "second reading", many: "second readings" }));
  assert.ok(says.includes("Reject every second reading that is still open"));
  assert.doesNotMatch(says.join(), /suggest|[{}]/i);
});

test("digits are read by their place: the same on every layout", () => {
  for (const pressed of [event("1", "Digit1"), event("&", "Digit1")]) {
    assert.deepEqual(readKey(pressed), { command: "toggle", digit: 1 });
  }
  for (const pressed of [event("!", "Digit1", shift), event("1", "Digit1", shift)]) {
    assert.deepEqual(readKey(pressed), { command: "reject", digit: 1 });
  }
});

test("where the slash shares a key with a digit, the digit wins and c opens the picker", () => {
  assert.equal(readKey(event("/", "Digit7", shift)).command, "reject");
  assert.equal(readKey(event("c", "KeyC")).command, "pick");
  assert.equal(readKey(event("/", "Slash")).command, "pick");
});

test("the number pad counts as digits, and as arrows without NumLock", () => {
  assert.deepEqual(readKey(event("2", "Numpad2")), { command: "toggle", digit: 2 });
  assert.equal(readKey(event("ArrowDown", "Numpad2")).command, "following");
  assert.equal(readKey(event("Enter", "NumpadEnter")).command, "done");
});

test("letters mean the same with caps lock on", () => {
  assert.equal(readKey(event("U", "KeyU")).command, "undo");
});

test("with Alt the sign on the key counts, whatever the system would write", () => {
  assert.equal(readKey(event("“", "BracketRight", { altKey: true })).command, "end_later_sentence");
  assert.equal(readKey(event("”", "BracketRight", { altKey: true, ...shift })).command, "end_earlier_sentence");
  assert.equal(readKey(event("]", "BracketRight")).command, "end_later");
});

test("keys of the browser and of the system are left alone", () => {
  for (const held of ["ctrlKey", "metaKey"]) assert.equal(readKey(event("u", "KeyU", { [held]: true })), null);
  for (const key of ["q", "0", "Escape", "Tab"]) assert.equal(readKey(event(key, key)), null);
});

test("keys are shown as they are set", () => {
  assert.deepEqual(showKeys("following", KEYS), ["↓", "or", "j"]);
  assert.deepEqual(showKeys("end_later_sentence", KEYS), ["Alt", "+", "]"]);
  assert.deepEqual(showKeys("help", KEYS), ["F1"]);
});

const code = (key, en, nl) => ({
  guid: key, key,
  wordings: { en: { name: en, definition: `The parent tells of ${en}.` }, nl: { name: nl, definition: "De ouder." } },
});
const CODES = [code("click", "Connection", "Klik"), code("trust", "Trust", "Vertrouwen"), code("ideas", "Ideas", "Ideeën")];
const keysOf = (codes) => codes.map((found) => found.key);

test("the picker finds by any part, in any language, without accents or order", () => {
  assert.deepEqual(keysOf(findCodes(CODES, "trouw")), ["trust"]);
  assert.deepEqual(keysOf(findCodes(CODES, "CONNEC")), ["click"]);
  assert.deepEqual(keysOf(findCodes(CODES, "ideeen")), ["ideas"]);
  assert.deepEqual(keysOf(findCodes(CODES, "tells trust")), ["trust"]);
  assert.deepEqual(keysOf(findCodes(CODES, "  ")), ["click", "trust", "ideas"]);
  assert.deepEqual(findCodes(CODES, "nothing of the kind"), []);
});

test("a name comes before a definition", () => {
  const told = code("told", "Told", "Verteld");
  assert.deepEqual(keysOf(findCodes([...CODES, told], "t")).slice(0, 2), ["trust", "told"]);
});
