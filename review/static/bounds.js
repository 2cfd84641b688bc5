// Where an excerpt, or a part of it, could begin and end: at words and sentences of the transcript.

// All in code points of the transcript, as the server counts.
const SENTENCE_END = /[.!?…]+["'”’)\]]*(?=\s|$)/gu;
const WORD = /\S+/gu;

// Stretches that begin and end where words or sentences do, in what is shown of the transcript.
function findStretches(turns, by) {
  return turns.flatMap((turn) => turn.parts.flatMap((part) => (by === "word"
    ? cutWords(part) : cutSentences(part))));
}

function cutWords({ text, start_char: from }) {
  return [...text.matchAll(WORD)].map((found) => place(text, from, found.index, found.index + found[0].length));
}

function cutSentences({ text, start_char: from }) {
  const ends = [...text.matchAll(SENTENCE_END)].map((found) => found.index + found[0].length);
  if (ends.at(-1) !== text.length) ends.push(text.length);
  return ends.map((end, n) => {
    const start = n ? ends[n - 1] : 0;
    const inside = text.slice(start, end);
    const lead = inside.length - inside.trimStart().length;
    return inside.trim() ? place(text, from, start + lead, start + inside.trimEnd().length) : null;
  }).filter(Boolean);
}

function place(text, from, start, end) {
  const points = (upTo) => Array.from(text.slice(0, upTo)).length;
  return { start_char: from + points(start), end_char: from + points(end) };
}

const MOVES = {
  start_earlier: (span, all) => startAt(span, last(all, ({ start_char: at }) => at < span.start_char)),
  start_later: (span, all) => startAt(span, all.find(({ start_char: at }) => at > span.start_char && at < span.end_char)),
  end_later: (span, all) => endAt(span, all.find(({ end_char: at }) => at > span.end_char)),
  end_earlier: (span, all) => endAt(span, last(all, ({ end_char: at }) => at < span.end_char && at > span.start_char)),
};
const startAt = (span, found) => (found ? { ...span, start_char: found.start_char } : null);
const endAt = (span, found) => (found ? { ...span, end_char: found.end_char } : null);
const last = (all, wanted) => all.filter(wanted).at(-1);

// The span after a move such as "end_later_sentence"; null where there is nothing to move to.
export function moveBound(screen, span, move) {
  const by = move.endsWith("_sentence") ? "sentence" : "word";
  return MOVES[move.replace("_sentence", "")](span, findStretches(screen.turns, by));
}

// The two parts of a span, cut between sentences as near to its middle as can be, else between words.
export function splitSpan(screen, span) {
  const within = (by) => findStretches(screen.turns, by)
    .filter(({ start_char: start, end_char: end }) => start >= span.start_char && end <= span.end_char);
  const pieces = [within("sentence"), within("word")].find((found) => found.length > 1);
  if (!pieces) return null;
  const middle = (span.start_char + span.end_char) / 2;
  const far = ({ start_char: at }) => Math.abs(at - middle);
  const cut = pieces.slice(1).reduce((best, piece) => (far(piece) < far(best) ? piece : best));
  const before = pieces[pieces.indexOf(cut) - 1];
  return [{ ...span, end_char: before.end_char }, { ...span, start_char: cut.start_char }];
}
