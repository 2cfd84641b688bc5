// No two keys collide, on any keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DECIDING, KEYS, readKey, sayKey } from "../../review/static/keys.js";
import { findCodes } from "../../review/static/picker.js";

const event = (key, code, more = {}) => ({
  key, code, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more,
});
const shift = { shiftKey: true };

test("no key stands for two commands", () => {
  const taken = KEYS.flatMap((entry) => [
    ...(entry.keys ?? []).map((key) => `key ${key}`),
    ...(entry.codes ?? []).map((code) => `code ${code} ${entry.shift ? "shift" : "plain"}`),
  ]);
  assert.equal(new Set(taken).size, taken.length);
});

test("every command has a key, its caps and its words", () => {
  for (const entry of KEYS) {
    assert.ok(entry.keys?.length || entry.codes?.length, entry.command);
    assert.ok(entry.shown.length && entry.says && entry.brief, entry.command);
    assert.equal(typeof entry.decides, "boolean");
  }
  assert.ok(DECIDING.has("done") && !DECIDING.has("previous"));
});

test("what a key does is said in the study's words, and no other word for them", () => {
  const says = KEYS.map((entry) => sayKey(entry, { one: "second reading", many: "second readings" }));
  assert.ok(says.includes("Reject every second reading that is still open"));
  assert.doesNotMatch(says.join(), /suggest|[{}]/i);
});

test("digits are read by their place: the same on every layout", () => {
  const american = event("1", "Digit1");
  const french = event("&", "Digit1");
  for (const pressed of [american, french]) {
    assert.deepEqual(readKey(pressed), { command: "toggle", digit: 1 });
  }
  const shifted = [event("!", "Digit1", shift), event("1", "Digit1", shift)];
  for (const pressed of shifted) {
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

test("the question mark is unsure and not the picker", () => {
  assert.equal(readKey(event("?", "Slash", shift)).command, "unsure");
});

test("caps lock changes nothing", () => {
  assert.equal(readKey(event("X", "KeyX")).command, "rejectRest");
});

test("the browser's own shortcuts are left alone", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) {
    assert.equal(readKey(event("c", "KeyC", { [held]: true })), null);
  }
  assert.equal(readKey(event("0", "Digit0")), null);
  assert.equal(readKey(event("Escape", "Escape")), null);
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
