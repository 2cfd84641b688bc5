// Codings beside the transcript: what there is, what it is called, where its stripe stands. Every
// word here is synthetic.

import assert from "node:assert/strict";
import { test } from "node:test";

import { listCodings, sayCoding, sayPlace, textOf } from "../../review/static/codings.js";
import { hueOf, layOut } from "../../review/static/stripes.js";
import { sayTime } from "../../review/static/transcript.js";
import { toPoints, toUnits } from "../../review/static/words.js";

const TURNS = ["Hoe ging dat?", "Ik wist 🙂 het meteen.", "En daarna alles verteld."];
const STARTS = [0, 14, 36];
const part = (n, excerpt_id) => ({ excerpt_id, number: excerpt_id && excerpt_id - 8, text: TURNS[n], offset: 0, start_char: STARTS[n] });
const state = (more) => ({ given: [], passages: [], bounds: null, ...more });
const passage = (guid, start_char, end_char, is_outside = false) => ({ guid, start_char, end_char, is_outside });
const screenOf = (marks) => ({
  excerpt_id: 9,
  frame: { start_char: 14, end_char: 35 },
  turns: [{ parts: [part(0, null)] }, { parts: [part(1, 9)] }, { parts: [part(2, 10)] }],
  codes: { T: { name: "Trust", colour: null }, S: { name: "Shame", colour: "#802020" } },
  marks,
});
const listed = (marks) => listCodings(screenOf(marks)).map(({ excerptId, guid, span, shown }) => [excerptId, guid, span === null, shown.start_char, shown.end_char]);

test("an excerpt's codes span it as it was cut, passages their own words", () => {
  const marks = { 9: state({ given: ["T", "S"], passages: [passage("S", 22, 24)] }), 10: state({ given: ["T"] }) };
  assert.deepEqual(listed(marks), [[9, "T", true, 14, 35], [9, "S", false, 22, 24], [10, "T", true, 36, 60]]);
});

test("an excerpt's codes follow the boundaries that the coder moved", () => {
  assert.deepEqual(listed({ 9: state({ given: ["T"], bounds: { start_char: 17, end_char: 45 } }) }), [[9, "T", true, 17, 45]]);
});

test("words over two excerpts, or an excerpt joined with another, are one stripe", () => {
  const both = state({ given: ["T"], passages: [passage("T", 22, 45)] });
  assert.deepEqual(listed({ 9: both, 10: both }), [[9, "T", false, 22, 45]]);
  const joined = state({ given: ["T"], bounds: { start_char: 14, end_char: 60 } });
  assert.deepEqual(listed({ 9: joined, 10: state({ given: ["T"], passages: [passage("T", 14, 60)] }) }), [[9, "T", true, 14, 60]]);
});

test("words outside every excerpt have a stripe, too, and leave the excerpt's own code one", () => {
  const marks = { 9: state({ given: ["T"], passages: [passage("T", 4, 8, true)] }) };
  assert.deepEqual(listed(marks), [[9, "T", false, 4, 8], [9, "T", true, 14, 35]]);
});

test("a code given to an excerpt and to words of it is two stripes where that is told", () => {
  const marks = { 9: state({ given: ["T"], whole: ["T"], passages: [passage("T", 17, 21)] }) };
  assert.deepEqual(listed(marks), [[9, "T", true, 14, 35], [9, "T", false, 17, 21]]);
});

test("a coding is named by its code and by where its words stand", () => {
  const screen = screenOf({ 9: state({}) });
  const at = (start_char, end_char) => ({ excerptId: 9, guid: "T", span: {}, shown: { start_char, end_char } });
  assert.equal(sayCoding(screen, at(17, 28)), "Trust: words 2 to 4 of excerpt 1");
  assert.equal(sayPlace(screen, at(36, 38)), "word 1 of excerpt 2");
  assert.equal(sayPlace(screen, at(24, 40)), "words in excerpts 1 to 2");
  assert.equal(sayPlace(screen, at(4, 8)), "words outside every excerpt");
  assert.equal(sayPlace(screen, { ...at(14, 35), span: null }), "excerpt 1");
});

test("the words of a stretch are those of the transcript, a line for each turn", () => {
  assert.equal(textOf(screenOf({}), { start_char: 22, end_char: 45 }), "🙂 het meteen.\nEn daarna");
});

const lanes = (intervals, n = 3) => layOut(intervals.map(([top, bottom]) => ({ top, bottom })), n)
  .map(({ lane, indexes }) => [lane, indexes]);

test("stripes that overlap stand beside each other, others one below the other", () => {
  assert.deepEqual(lanes([[0, 100], [50, 150], [100, 200], [300, 400]]), [[0, [0]], [1, [1]], [0, [2]], [0, [3]]]);
});

test("two codings of one line do not lie on each other", () => {
  assert.deepEqual(lanes([[0, 18], [0, 18]]), [[0, [0]], [1, [1]]]);
});

test("a stripe is as high as a finger is wide, and what follows makes room", () => {
  const [first, second] = layOut([{ top: 0, bottom: 10 }, { top: 12, bottom: 40 }], 3);
  assert.equal(first.bottom, 24);
  assert.equal(second.lane, 1);
});

test("what finds no lane stands behind one sign, and nothing is left out", () => {
  const found = lanes(Array.from({ length: 6 }, () => [0, 100]));
  assert.deepEqual(found, [[0, [0]], [1, [1]], [2, [2, 3, 4, 5]]]);
});

test("no two signs lie on each other, and each coding is behind exactly one", () => {
  let seed = 7;
  const next = (most) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % most; };
  for (let round = 0; round < 200; round += 1) {
    const intervals = Array.from({ length: next(14) }, () => { const top = next(300); return { top, bottom: top + next(120) }; });
    const found = layOut(intervals, 3);
    assert.deepEqual(found.flatMap(({ indexes }) => indexes).sort((a, b) => a - b), intervals.map((_, n) => n));
    for (const one of found) {
      assert.ok(one.lane < 3);
      for (const other of found) {
        assert.ok(one === other || one.lane !== other.lane || one.bottom <= other.top || other.bottom <= one.top);
      }
    }
  }
});

test("a code without a colour has always the same hue", () => {
  assert.equal(hueOf("68AFCAF8"), hueOf("68AFCAF8"));
  assert.ok(hueOf("68AFCAF8") >= 0 && hueOf("68AFCAF8") < 360);
  assert.notEqual(hueOf("68AFCAF8"), hueOf("68AFCAF9"));
});

test("times are read as people write them", () => {
  assert.deepEqual([0, 61_500, 754_000, 3_725_000].map(sayTime), ["0:00", "1:01", "12:34", "1:02:05"]);
});

test("code points and the places of a text are turned into each other", () => {
  assert.deepEqual([toUnits("🙂ja", 2), toPoints("🙂ja", 3), toUnits("ja", 9), toPoints("🙂")], [3, 2, 2, 1]);
});
