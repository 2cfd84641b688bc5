// Which words are coded where something was found; every word here is synthetic.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wordsAround } from "../../review/static/found.js";

const points = (text) => Array.from(text).length;
// As the server tells a hit; what is shown before it may be cut.
const hit = (transcript, words, shownFrom = 0) => {
  const at = transcript.indexOf(words);
  const before = `${shownFrom ? "…" : ""}${transcript.slice(shownFrom, at)}`;
  return { before, words, after: transcript.slice(at + words.length), start_char: points(transcript.slice(0, at)) };
};
const coded = (transcript, words, shownFrom) => {
  const { span, says } = wordsAround(hit(transcript, words, shownFrom));
  assert.equal(Array.from(transcript).slice(span.start_char, span.end_char).join(""), says);
  return says;
};

test("half a word is widened to the whole of it, at both ends", () => {
  assert.equal(coded("I trusted her.", "trust"), "trusted");
  assert.equal(coded("I distrusted her.", "trust"), "distrusted");
  assert.equal(coded("I trusted herself.", "sted her"), "trusted herself");
});

test("whole words stay as they are", () => {
  assert.equal(coded("I trust her.", "trust"), "trust");
  assert.equal(coded("trust", "trust"), "trust");
});

test("signs beyond the first 65,536 and cut beginnings move nothing", () => {
  assert.equal(coded("😀 so 😀 I trusted her 😀.", "rust"), "trusted");
  assert.equal(coded("Far before 😀 this I trusted her.", "rust", 10), "trusted");
});

test("what was found is told apart from the rest of its words", () => {
  const { pieces } = wordsAround(hit("I distrusted her.", "trust"));

  assert.deepEqual(pieces, ["I ", "dis", "trust", "ed", " her."]);
});
