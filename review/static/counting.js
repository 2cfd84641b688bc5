// How many words have a code by themselves, and which words count for no excerpt.

import { textOf } from "./codings.js";
import { t } from "./say.js";
import { hasWhole } from "./standing.js";
import { toPoints } from "./words.js";

// "12 words" where a code was given to words alone; empty where the whole excerpt has it.
export function sayExtent(screen, state, guid) {
  if (hasWhole(state, guid)) return "";
  const spans = state.passages.filter((each) => each.guid === guid && !each.is_outside);
  const n = spans.reduce((sum, span) => sum + (textOf(screen, span).match(/\S+/g)?.length ?? 0), 0);
  if (!n) return "";
  return n === 1 ? t("1 word") : t("{n} words", { n });
}

// What is to be known of a code for words that are in no excerpt; empty where they count.
export function sayUncounted(screen, { start_char: start, end_char: end }) {
  const touched = screen.turns.flatMap((turn) => turn.parts.map((part) => ({ ...part, isQuestion: turn.is_question })))
    .filter(({ text, start_char: from }) => from < end && start < from + toPoints(text));
  if (!touched.length || touched.some((part) => part.excerpt_id !== null)) return "";
  return touched.every((part) => part.isQuestion)
    ? t("These are the interviewer's words: the code is kept, but is not counted.")
    : t("These words are in no excerpt: the code is kept, but is not counted.");
}
