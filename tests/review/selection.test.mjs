// Which words a selection stands for; every word here is synthetic.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findSpot } from "../../review/static/passages.js";
import { spanOf } from "../../review/static/selection.js";

const piece = (text, from = 0, to = text.length, start = 0) => ({ text, start, from, to });
// What a span says, in the words of the transcript that the pieces are of.
const said = (transcript, ...pieces) => {
  const span = spanOf(pieces);
  return span && Array.from(transcript).slice(span.start_char, span.end_char).join("");
};

test("a selection goes outward to whole words", () => {
  const text = "Ik wist het meteen.";
  assert.equal(said(text, piece(text, 4, 9)), "wist het");
});

test("white space at its ends is left out, and does not reach for the word beyond", () => {
  const text = "Ik wist  het\tmeteen.";
  assert.equal(said(text, piece(text, 2, 9)), "wist");
  assert.equal(said(text, piece(text, 8, 13)), "het");
});

test("the stop after a sentence comes along only where it was selected", () => {
  const text = "Ja. Nee, eh.";
  assert.equal(said(text, piece(text, 0, 2)), "Ja");
  assert.equal(said(text, piece(text, 0, 3)), "Ja.");
});

test("code points are counted, not the places that signs beyond the first plane take", () => {
  const text = "👩‍👧 𝒘𝒂𝒕 🙂 nu?";
  const at = text.indexOf("nu");
  assert.deepEqual(spanOf([piece(text, at, at + 2, 100)]), { start_char: 110, end_char: 112 });
  assert.equal(said(text, piece(text, 7, 9)), "𝒘𝒂𝒕");
});

test("a sign made of several, or a letter with its accent beside it, is taken whole", () => {
  const family = "zo 👩‍👧 nu";
  assert.equal(said(family, piece(family, 4, 6)), "👩‍👧");
  const cafe = "het cafe\u0301, daar";
  assert.equal(said(cafe, piece(cafe, 4, 8)), "cafe\u0301");
});

test("over parts and turns it runs from the first word selected to the last", () => {
  const transcript = "Hoe ging dat?\nIk wist het.\nEcht waar 🙂 ja.";
  const pieces = [piece("Hoe ging dat?", 10, 13, 0), piece("Ik wist het.", 0, 12, 14), piece("Echt waar 🙂 ja.", 0, 12, 27)];
  assert.equal(said(transcript, ...pieces), "dat?\nIk wist het.\nEcht waar 🙂");
});

test("a part of which only white space is selected does not count", () => {
  const pieces = [piece("Ja. ", 3, 4, 0), piece("Nee.", 0, 4, 5), piece(" En toen", 0, 1, 10)];
  assert.deepEqual(spanOf(pieces), { start_char: 5, end_char: 9 });
});

test("nothing, or white space alone, is no selection", () => {
  assert.equal(spanOf([]), null);
  assert.equal(spanOf([piece("Ja.", 1, 1)]), null);
  assert.equal(spanOf([piece("Ja.  Nee.", 3, 5)]), null);
});

const SEEN = { top: 50, bottom: 600, left: 0, right: 500 };
const spot = (more) => findSpot({ above: 300, below: 330, left: 40, width: 120, height: 40, seen: SEEN, isFinger: false, ...more });
const covers = ({ top }, above, below) => top < below && top + 40 > above;

test("the button stands above the words, and below them where there is no room or a finger drew", () => {
  assert.deepEqual(spot(), { top: 252, left: 40 });
  assert.deepEqual(spot({ above: 60, below: 90 }), { top: 98, left: 40 });
  assert.ok(spot({ isFinger: true }).top >= 330 + 30);
});

test("the button never covers the words where there is room beside them, and never leaves the page", () => {
  for (const isFinger of [true, false]) {
    for (let above = 0; above < 560; above += 20) {
      const at = spot({ above, below: above + 30, left: 480, isFinger });
      assert.ok(!covers(at, above, above + 30), `at ${above}`);
      assert.ok(at.left + 120 <= 500 && at.top >= 50 && at.top + 40 <= 600);
    }
  }
});

test("where the words fill all that is seen it stands in the corner", () => {
  assert.deepEqual(spot({ above: -100, below: 900 }), { top: 552, left: 372 });
});
