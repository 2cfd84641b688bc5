// Which words are coded where something was found: the whole words that hold it.

import { spanOf } from "./selection.js";
import { toPoints, toUnits } from "./words.js";

// Gives the stretch of the transcript, and what is shown cut up: what comes before the words, the
// words up to what was found, what was found, the rest of the words, and what comes after.
export function wordsAround({ before, words, after, start_char: start }) {
  const text = before + words + after;
  const [from, to] = [before.length, before.length + words.length];
  const base = start - toPoints(before);
  const span = spanOf([{ text, start: base, from, to }]);
  const begin = Math.min(from, toUnits(text, span.start_char - base));
  const end = Math.max(to, toUnits(text, span.end_char - base));
  return {
    span,
    says: text.slice(begin, end).replace(/\s+/g, " ").trim(),
    pieces: [text.slice(0, begin), text.slice(begin, from), words, text.slice(to, end), text.slice(end)],
  };
}
