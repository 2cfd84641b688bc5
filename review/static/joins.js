// Joins an excerpt with the next one, and parts them again: each as it was bounded before.

import { framesOf } from "./codings.js";

// Where the next excerpt stands as the coder reads it; null where none is on the screen.
function findNext(screen) {
  const frame = framesOf(screen).get(screen.following_id);
  return frame ? screen.marks[screen.following_id]?.bounds ?? frame : null;
}

const boundsOf = ({ state, frame }) => state.bounds ?? frame;

// The span from the beginning of an excerpt to the end of the next one; null where there is none.
export function joinWithNext(screen) {
  const next = findNext(screen);
  return next && { start_char: boundsOf(screen).start_char, end_char: next.end_char };
}

// What an excerpt that was joined with the next one parts into; null where it is not joined.
export function partJoined(screen) {
  const [own, next] = [boundsOf(screen), findNext(screen)];
  if (!next || own.end_char < next.end_char) return null;
  const { end_char } = screen.state.earlier.findLast((span) => span.end_char < next.end_char) ?? screen.frame;
  // Begun elsewhere since, it keeps that.
  const start_char = own.start_char < end_char ? own.start_char : screen.frame.start_char;
  return [{ start_char, end_char }, { start_char: Math.max(end_char, next.start_char), end_char: own.end_char }];
}
