// Where a coder stands with an excerpt: what the server will answer, worked out at once.

export const NOTHING = {
  given: [], whole: [], rejected: [], passed_over: [], is_done: false, is_unsure: false,
  passages: [], bounds: null, earlier: [], memo: "", last_action: "",
};

export function standing(state, guid) {
  if (state.given.includes(guid)) return "given";
  if (state.rejected.includes(guid)) return "rejected";
  return state.passed_over.includes(guid) ? "passed" : "open";
}

// Of one part of an excerpt, or with null of the whole: a code of the other part is not given here.
export function standingAt(state, guid, span) {
  const now = standing(state, guid);
  return now === "given" && span && !hasWhole(state, guid) && !hasWords(state, guid, span) ? "open" : now;
}

export const hasWhole = (state, guid) => state.whole.includes(guid);
export const hasWords = (state, guid, span) => state.passages.some((each) => each.guid === guid && isSame(each, span));

export const spanOf = ({ start_char: start, end_char: end }) => (start === undefined || start === null
  ? null : { start_char: start, end_char: end });
export const isSame = (one, other) => one?.start_char === other?.start_char && one?.end_char === other?.end_char;

export function applyVerdicts(state, verdicts) {
  return verdicts.reduce((now, verdict) => (verdict.code_guid === undefined
    ? applyMark(now, verdict) : applyToCode(now, verdict)), state);
}

const BUCKETS = { accept: "given", add: "given", reject: "rejected", pass_over: "passed_over" };

function applyToCode(state, verdict) {
  const { verdict: said, code_guid: guid } = verdict;
  const span = spanOf(verdict);
  const isGiving = BUCKETS[said] === "given";
  // What is said of a code on the whole excerpt is said of its passages, too.
  const passages = state.passages.filter((each) => each.guid !== guid
    || (span === null ? isGiving || each.is_outside : !isSame(each, span)));
  if (isGiving && span) passages.push({ guid, ...span, is_outside: false });
  const without = (guids) => guids.filter((other) => other !== guid);
  const isWhole = span === null ? isGiving : state.whole.includes(guid);
  const isLeft = isWhole || passages.some((each) => each.guid === guid && !each.is_outside);
  const next = {
    ...state, passages, given: without(state.given), rejected: without(state.rejected),
    passed_over: without(state.passed_over), whole: [...without(state.whole), ...(isWhole ? [guid] : [])],
  };
  const bucket = isLeft ? "given" : BUCKETS[said];
  return bucket && (isLeft || bucket !== "given") ? { ...next, [bucket]: [...next[bucket], guid] } : next;
}

function applyMark(state, verdict) {
  if (verdict.verdict === "unsure") return { ...state, is_unsure: true };
  if (verdict.verdict === "bound") {
    return { ...state, bounds: spanOf(verdict), earlier: state.bounds ? [...state.earlier, state.bounds] : state.earlier };
  }
  const isDone = verdict.verdict === "done";
  return { ...state, is_done: isDone, is_unsure: state.is_unsure && !isDone };
}
