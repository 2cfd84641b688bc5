// What commands and answers are made of: a decision, a leave-taking, a line that is said.

import { t } from "./say.js";
import { applyVerdicts, NOTHING } from "./standing.js";

export const READY = "ready";
export const LEAVING = "leaving"; // the next excerpt is not painted yet: keys wait for it
export const ASIDE = "aside"; // a dialog is open

export const same = (machine, ...effects) => ({ machine, effects });
export const say = (text, tone = "quiet") => ({ do: "say", text, tone });
export const PAINT = { do: "paint" };

export function suggestionsOf(screen) {
  return screen.groups.flatMap((group) => group.suggestions);
}

// Adds effects before what a further move does.
export function first(effects, { machine, effects: later }) {
  return { machine, effects: [...effects, ...later] };
}

// verdicts: about the excerpt in hand. codes: names of codes that the screen does not know yet.
// more: what else the server is told.
export function decide(machine, event, verdicts, { codes = {}, more = {} } = {}) {
  const { screen } = machine;
  const body = {
    id: event.id, excerpt_id: screen.excerpt_id, model_version_id: screen.model_version_id,
    version_id: screen.version_id, after: knownLast(machine, screen.excerpt_id, screen.state),
    shown_ms: event.shownMs ?? null, verdicts, ...more,
  };
  const decided = withState(withCodes(machine, codes), applyVerdicts(screen.state, verdicts));
  return first([PAINT, say("")], post(decided, { kind: "action", body, before: screen }));
}

// Of another excerpt than the one in hand; it is painted as the server answers.
export function decideElsewhere(machine, event, verdicts, { codes = {} } = {}) {
  const { screen } = machine;
  const body = {
    id: event.id, excerpt_id: event.excerptId, model_version_id: null, version_id: screen.version_id,
    after: knownLast(machine, event.excerptId, screen.marks[event.excerptId]), shown_ms: null, verdicts,
  };
  return post({ ...withCodes(machine, codes), ahead: {} }, { kind: "action", body, before: null });
}

// The action that the server may have as the last one on an excerpt, if no other tab was at work.
function knownLast({ outbox }, excerptId, state) {
  const may = ({ body, kind }) => kind === "undo" || body.excerpt_id === excerptId
    || body.verdicts?.some((verdict) => verdict.start_char !== undefined);
  return [state?.last_action ?? "", ...outbox.filter(may).map(({ body }) => body.id)].slice(-MOST_KNOWN);
}

const MOST_KNOWN = 200;

function withCodes(machine, codes) {
  const { screen } = machine;
  return { ...machine, screen: { ...screen, codes: { ...screen.codes, ...codes } } };
}

// The excerpt in hand stands so now.
export function withState(machine, state) {
  const { screen } = machine;
  const n_done = screen.n_done + Number(state.is_done) - Number(screen.state.is_done);
  const mine = { ...machine.mine, [screen.excerpt_id]: true };
  return withMarks({ ...machine, mine, screen: { ...screen, n_done } }, { [screen.excerpt_id]: state });
}

// Writes into the machine where other excerpts stand now, also in those that are held ready.
export function withMarks(machine, marks) {
  const touch = (screen) => ({
    ...screen, marks: { ...screen.marks, ...hideCodes(screen, marks) }, state: marks[screen.excerpt_id] ?? screen.state,
  });
  const ahead = Object.fromEntries(Object.entries(machine.ahead).map(([id, screen]) => [id, touch(screen)]));
  return { ...machine, ahead, screen: touch(machine.screen) };
}

// Where a reading is to be independent, what was given around it is not on the screen.
function hideCodes({ hides_codes: isHiding, excerpt_id: own }, marks) {
  if (!isHiding) return marks;
  return Object.fromEntries(Object.entries(marks).map(([id, mark]) => [id, Number(id) === own ? mark
    : { ...NOTHING, is_done: mark.is_done, is_unsure: mark.is_unsure, last_action: mark.last_action }]));
}

// One at a time and in order: each decision is made after the one before it.
export function post(machine, entry) {
  const outbox = [...machine.outbox, entry];
  const sending = outbox.length === 1 ? [{ do: "send", entry }] : [];
  return same({ ...machine, outbox }, ...sending, { do: "keep", outbox }, telling({ ...machine, outbox }));
}

// What the page says of saving: in one word, unless somebody has to know more.
export function telling({ outbox, trouble }) {
  const n = outbox.length;
  if (!n) return { do: "saving", text: t("Saved"), isLate: false };
  if (!trouble) return { do: "saving", text: t("Saving…"), isLate: false };
  const lines = {
    offline: n === 1 ? t("Offline: one decision is kept here and sent when the study can be reached")
      : t("Offline: {n} decisions are kept here and sent when the study can be reached", { n }),
    signedOut: t("Signed out: sign in again in another tab; what you decided is kept"),
    other: t("Somebody else is signed in here now; your decisions are kept until you are"),
  };
  return { do: "saving", text: lines[trouble], isLate: true };
}

export function leaveFor(machine, excerptId) {
  if (machine.ahead[excerptId]) return first([say("")], arriveAhead(machine, excerptId));
  return same({ ...machine, phase: LEAVING, part: null }, { do: "load", excerptId }, say(""));
}

// Paints a screen that the server has just given; what it has not heard of yet is added.
export function arriveAt(machine, screen) {
  // What somebody wrote decides nothing on codes: of those the server knows better.
  const decided = machine.outbox.filter(({ kind }) => kind === "action");
  const unheard = Object.fromEntries(decided.map(({ body }) => [body.excerpt_id, true]));
  return arrive(machine, overlay(machine, screen, unheard));
}

// Paints a screen that was held ready, and has been kept up to date.
function arriveAhead(machine, excerptId) {
  const { [excerptId]: screen, ...ahead } = machine.ahead;
  const from = machine.screen;
  const isNear = from.interview_id === screen.interview_id;
  return arrive({ ...machine, ahead }, isNear ? { ...screen, n_done: from.n_done, codes: { ...from.codes, ...screen.codes } } : screen);
}

function arrive(machine, screen) {
  return same({ ...machine, phase: LEAVING, part: null, screen }, PAINT);
}

// ids: excerpts of which this page knows better than the screen where they stand.
export function overlay(machine, screen, ids) {
  const from = machine.screen;
  if (from.interview_id !== screen.interview_id) return screen;
  const known = Object.entries(from.marks).filter(([id]) => ids[id]);
  const marks = { ...screen.marks, ...hideCodes(screen, Object.fromEntries(known)) };
  return { ...screen, marks, codes: { ...from.codes, ...screen.codes }, state: marks[screen.excerpt_id] ?? screen.state };
}

export function goOn(machine, excerptId) {
  return excerptId === null ? same({ ...machine, phase: LEAVING }, { do: "finish" }) : leaveFor(machine, excerptId);
}

// The excerpt that comes next, where it is known and held ready.
export function nextAtHand({ screen, ahead }) {
  const bounds = screen.state.bounds ?? screen.frame;
  // Joined with the next one, both are finished together, and the server says what follows.
  if (bounds.end_char > screen.frame.end_char || bounds.start_char < screen.frame.start_char) return null;
  const id = screen.upcoming.find((each) => each !== screen.excerpt_id && !screen.marks[each]?.is_done);
  return ahead[id] ? id : null;
}
