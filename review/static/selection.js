// Tells which words of the transcript are selected, as a stretch of it in Unicode code points.

import { shownParts, toPoints } from "./words.js";

const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });

// Gives the stretch that is selected in the transcript, or null where no words of it are.
export function selectedSpan(place) {
  const selection = globalThis.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(place)) return null;
  return spanOf(shownParts(place).filter(({ node }) => node).map((part) => cut(part, range)));
}

// Makes one stretch of pieces of text: outward to whole words, without white space at its ends.
// A piece is { text, start, from, to }: `start` is where its text begins in the transcript, in code
// points; `from` and `to` are the places in it that are selected, in UTF-16.
export function spanOf(pieces) {
  const chosen = pieces.map(trim).filter(({ from, to }) => from < to);
  if (!chosen.length) return null;
  const first = chosen[0];
  const last = chosen[chosen.length - 1];
  return {
    start_char: first.start + toPoints(first.text, outward(first.text, first.from, "start")),
    end_char: last.start + toPoints(last.text, outward(last.text, last.to, "end")),
  };
}

function trim({ text, start, from, to }) {
  const chosen = text.slice(from, to);
  return {
    text,
    start,
    from: from + chosen.length - chosen.trimStart().length,
    to: to - (chosen.length - chosen.trimEnd().length),
  };
}

// A family of one sign, or a letter with its accent beside it, is never cut in two.
function outward(text, place, edge) {
  const found = WORDS.segment(text).containing(edge === "start" ? place : place - 1);
  return edge === "start" ? found.index : found.index + found.segment.length;
}

// What begins or ends outside this text takes all of it from there, or nothing.
function cut({ node, text, start }, range) {
  return {
    text,
    start,
    from: placeIn(node, text, range.startContainer, range.startOffset, range.comparePoint(node, 0) >= 0 ? 0 : text.length),
    to: placeIn(node, text, range.endContainer, range.endOffset, range.comparePoint(node, text.length) <= 0 ? text.length : 0),
  };
}

function placeIn(node, text, container, offset, elsewhere) {
  return container === node ? Math.min(offset, text.length) : elsewhere;
}
