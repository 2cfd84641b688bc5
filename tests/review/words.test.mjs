// Where telling words stand in what is shown; every word here is synthetic.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findInParts } from "../../review/static/words.js";

const word = (start_char, end_char) => ({ start_char, end_char });
const said = (parts, words) => findInParts(parts, words).map(({ part, start, end }) => parts[part].text.slice(start, end));

test("a word is found by code points where signs before it take two places", () => {
  const parts = [{ text: "👩‍👧 𝒘𝒂𝒕 🙂 nu?", offset: 0 }];
  assert.deepEqual(findInParts(parts, [word(10, 12)]), [{ part: 0, start: 16, end: 18 }]);
  assert.deepEqual(said(parts, [word(4, 7), word(8, 9), word(10, 12)]), ["𝒘𝒂𝒕", "🙂", "nu"]);
});

test("in an excerpt over several turns each part counts from where it begins", () => {
  const parts = [{ text: "Toch 🙂?", offset: 0 }, { text: "Ja, toch.", offset: 8 }];
  assert.deepEqual(said(parts, [word(0, 4), word(12, 16)]), ["Toch", "toch"]);
});

test("what reaches over the end of a turn is found in both", () => {
  const parts = [{ text: "ik weet", offset: 0 }, { text: "het niet", offset: 8 }];
  assert.deepEqual(said(parts, [word(3, 11)]), ["weet", "het"]);
});

test("what lies in no part is found nowhere", () => {
  assert.deepEqual(findInParts([{ text: "ja", offset: 0 }], [word(2, 3), word(9, 12)]), []);
});
