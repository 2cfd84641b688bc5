// Marks stretches of words in the transcript that is shown, without a change to its elements: what
// a person is selecting stays. Stretches are told in Unicode code points, text nodes count UTF-16.

const TELLING = "telling";
// Where two lie on the same words, the later one is seen.
const ORDER = ["bounds", "hand", "opened", "coded", TELLING];
const BEYOND = /[\u{10000}-\u{10FFFF}]/u;
const known = new WeakMap();

// Gives how many places the first n code points of a text take.
export function toUnits(text, n) {
  return BEYOND.test(text) ? Array.from(text).slice(0, n).join("").length : Math.min(n, text.length);
}

// Gives how many code points the first places of a text hold.
export function toPoints(text, units = text.length) {
  return BEYOND.test(text) ? Array.from(text.slice(0, units)).length : Math.min(units, text.length);
}

// Finds stretches of an excerpt, told in code points from its beginning, in its parts, as the
// places that a text node counts in: UTF-16, where a sign beyond the first 65,536 takes two.
export function findInParts(parts, words) {
  return parts.flatMap(({ text, offset }, part) => {
    const length = toPoints(text);
    return words
      .map(({ start_char: start, end_char: end }) => [Math.max(0, start - offset), Math.min(length, end - offset)])
      .filter(([start, end]) => start < end)
      .map(([start, end]) => ({ part, start: toUnits(text, start), end: toUnits(text, end) }));
  });
}

export function markWords(place, screen, words) {
  if (!words.length) return highlight(TELLING, []);
  const parts = screen.turns.flatMap((turn) => turn.parts).filter((part) => part.excerpt_id === screen.excerpt_id);
  const shown = [...place.querySelectorAll(".is-current .words")].map((element) => element.firstChild);
  return highlight(TELLING, findInParts(parts, words).map(({ part, start, end }) => rangeIn(shown[part], start, end)));
}

// Marks a stretch of the transcript under a name that the style sheet knows; null takes the mark away.
export function markSpan(place, name, span) {
  highlight(name, span ? rangesOf(place, span) : []);
}

// Shades the excerpt in hand as the coder bounds it, and in it the words in hand after a split.
export function paintBounds(place, screen, partSpan) {
  if (!globalThis.CSS?.highlights) return;
  const { state: { bounds }, frame } = screen;
  const isMoved = bounds !== null && !isSame(bounds, frame);
  place.classList.toggle("has-bounds", isMoved || partSpan !== null);
  markSpan(place, "bounds", isMoved ? bounds : partSpan && frame);
  markSpan(place, "hand", partSpan);
}

export function isSame(one, other) {
  return one?.start_char === other?.start_char && one?.end_char === other?.end_char;
}

// Lists every stretch of words on the screen, in order, with its text node and where it stands.
export function shownParts(place) {
  const turns = place.querySelector(".turns");
  if (!turns) return [];
  if (!known.has(turns)) known.set(turns, [...turns.querySelectorAll(".words")].map(describe));
  return known.get(turns);
}

// Gives the ranges in which a stretch of the transcript is shown, one for each text node.
export function rangesOf(place, { start_char: start, end_char: end }) {
  return shownParts(place)
    .filter((part) => part.node && part.start < end && start < part.end)
    .map(({ node, text, start: begin }) => rangeIn(node,
      toUnits(text, Math.max(0, start - begin)), toUnits(text, end - begin)));
}

// Gives which code point of the transcript is shown at a place of the window; null where none is.
export function pointAt(place, x, y) {
  const caret = document.caretPositionFromPoint?.(x, y) ?? rangeFromPoint(x, y);
  const part = caret && shownParts(place).find(({ node }) => node === caret.offsetNode);
  return part ? part.start + toPoints(part.text, caret.offset) : null;
}

function rangeFromPoint(x, y) {
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { offsetNode: range.startContainer, offset: range.startOffset } : null;
}

function describe(element) {
  const text = element.textContent;
  const start = Number(element.dataset.start);
  return { node: element.firstChild, text, start, end: start + toPoints(text) };
}

function rangeIn(node, start, end) {
  const range = new Range();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range;
}

// Gives ranges a name that a style sheet knows; whatever has none in ORDER lies beneath.
export function highlight(name, ranges) {
  if (!globalThis.CSS?.highlights) return;
  if (!ranges.length) {
    CSS.highlights.delete(name);
    return;
  }
  const made = new Highlight(...ranges);
  made.priority = ORDER.indexOf(name);
  CSS.highlights.set(name, made);
}
