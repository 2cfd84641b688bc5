// What the coder gave a code to on this screen, and how it is told in words.

import { codeOf } from "./dom.js";
import { t } from "./say.js";
import { toPoints, toUnits } from "./words.js";

// Lists the codings on a screen in transcript order; span is null where it is an excerpt as a whole.
export function listCodings(screen) {
  const frames = framesOf(screen);
  const found = new Map();
  for (const [id, state] of Object.entries(screen.marks)) {
    const excerptId = Number(id);
    for (const guid of wholeOf(state)) {
      const span = state.bounds ?? (excerptId === screen.excerpt_id ? screen.frame : frames.get(excerptId));
      if (span) keep(found, { excerptId, guid, span: null, shown: span });
    }
    for (const { guid, start_char, end_char } of state.passages) {
      const span = { start_char, end_char };
      keep(found, { excerptId, guid, span, shown: span });
    }
  }
  return [...found.values()].sort((one, other) => one.shown.start_char - other.shown.start_char
    || other.shown.end_char - one.shown.end_char || one.guid.localeCompare(other.guid));
}

// A code that an excerpt has by its words alone is not given to all of it.
function wholeOf({ whole, given, passages }) {
  return whole ?? given.filter((guid) => !passages.some((each) => each.guid === guid && !each.is_outside));
}

// Words over several excerpts are a coding of each, and so is an excerpt that was joined with others.
function keep(found, coding) {
  const key = [coding.guid, coding.shown.start_char, coding.shown.end_char].join(":");
  if (!found.has(key) || (found.get(key).span && !coding.span)) found.set(key, coding);
}

// Where each excerpt stands, as far as it is on the screen.
export function framesOf({ turns }) {
  const frames = new Map();
  for (const { excerpt_id: id, text, start_char: start } of turns.flatMap((turn) => turn.parts)) {
    if (id === null) continue;
    frames.set(id, { start_char: frames.get(id)?.start_char ?? start, end_char: start + toPoints(text) });
  }
  return frames;
}

// "Trust: words 3 to 12 of excerpt 4"
export function sayCoding(screen, coding) {
  return t("{code}: {place}", { code: codeOf(screen, coding.guid).name, place: sayPlace(screen, coding) });
}

export function sayPlace(screen, { excerptId, span, shown }) {
  const parts = screen.turns.flatMap((turn) => turn.parts);
  const own = parts.find((part) => part.excerpt_id === excerptId);
  if (!span) return t("excerpt {n}", { n: own?.number ?? "" });
  const touched = parts.filter((part) => part.excerpt_id !== null && countWords([part], shown));
  if (!touched.length) return t("words outside every excerpt");
  const [first, last] = [touched[0], touched[touched.length - 1]];
  if (first.number !== last.number) return t("words in excerpts {from} to {to}", { from: first.number, to: last.number });
  const mine = parts.filter((part) => part.excerpt_id === first.excerpt_id);
  const before = countWords(mine, { start_char: 0, end_char: shown.start_char });
  const n = countWords(mine, shown);
  if (n === 1) return t("word {from} of excerpt {n}", { from: before + 1, n: first.number });
  return t("words {from} to {to} of excerpt {n}", { from: before + 1, to: before + n, n: first.number });
}

function countWords(parts, span) {
  return parts.reduce((n, part) => n + (textIn(part, span).match(/\S+/g)?.length ?? 0), 0);
}

// Gives the words of a stretch as they are on the screen, a line for each speaker.
export function textOf(screen, span) {
  const lines = screen.turns.map((turn) => turn.parts.map((part) => textIn(part, span)).join(""));
  return lines.filter((line) => line.trim()).join("\n");
}

function textIn({ text, start_char: begin }, { start_char: start, end_char: end }) {
  if (end <= begin || start >= begin + text.length) return "";
  return text.slice(toUnits(text, Math.max(0, start - begin)), toUnits(text, end - begin));
}
