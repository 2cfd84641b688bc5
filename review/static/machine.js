// The page as a state machine: pure functions, no DOM, no network.
//
// step(machine, event) gives { machine, effects }. While one excerpt is being left and the next is
// not yet painted, keys wait for it; they never hit the one that is left.

import { COMMANDS, pickCode } from "./commands.js";
import {
  arriveAt, ASIDE, decide, decideElsewhere, first, goOn, LEAVING, leaveFor, overlay, PAINT, post, READY, same, say,
  telling, withMarks, withState,
} from "./moves.js";
import { t } from "./say.js";

export { ASIDE, LEAVING, READY } from "./moves.js";

// words: what the study calls a suggestion: one, and many.
// kept: decisions of an earlier page that have not reached the server yet.
export function begin(screen, words, kept = []) {
  return {
    phase: LEAVING, words, screen, outbox: kept, held: [], ahead: {}, mine: {}, part: null, trouble: null,
    isExplained: false, isSurprised: false, isCatchingUp: kept.length > 0,
  };
}

export function step(machine, event) {
  return HANDLERS[event.type](machine, event);
}

const HANDLERS = {
  command: onCommand,
  pick: (machine, event) => pickCode(back(machine), event),
  passage: onPassage,
  write: onWrite,
  goto: (machine, { excerptId }) => (machine.phase === LEAVING ? same(machine) : leaveFor(machine, excerptId)),
  closed: (machine) => same({ ...machine, phase: machine.phase === ASIDE ? READY : machine.phase }),
  started: (machine) => same(machine, ...(machine.outbox.length ? [{ do: "send", entry: machine.outbox[0] }] : [])),
  saved: onSaved,
  unsaved: (machine, { trouble }) => {
    const late = { ...machine, trouble };
    return same(late, telling(late), { do: "resend" });
  },
  refused: onRefused,
  loaded: (machine, { screen }) => arriveAt({ ...machine, trouble: machine.outbox.length ? machine.trouble : null }, screen),
  unloaded: (machine, { excerptId }) => same(machine,
    { do: "saving", text: t("The study cannot be reached – trying again"), isLate: true }, { do: "reload", excerptId }),
  missing: (machine, { message }) => same({ ...machine, phase: READY, held: [] }, say(message, "wrong")),
  ahead: onAhead,
  painted: onPainted,
};

// A dialog was closed; what was asked for meanwhile is still on its way.
function back(machine) {
  return machine.phase === ASIDE ? { ...machine, phase: READY } : machine;
}

function onCommand(machine, event) {
  if (machine.phase === LEAVING) return same({ ...machine, held: [...machine.held, event] });
  if (machine.phase === ASIDE) return same(machine);
  return COMMANDS[event.command](machine, event);
}

// A coding in the transcript was changed or taken away; it need not be of the excerpt in hand.
function onPassage(machine, event) {
  const isInHand = event.excerptId === machine.screen.excerpt_id;
  const make = isInHand ? decide : decideElsewhere;
  return make(back(machine), event, event.verdicts, { codes: event.codes });
}

// A memo or a new code: words, so they are held in memory only.
function onWrite(machine, { kind, body, memo }) {
  const { screen } = machine;
  const ready = back(machine);
  const isHere = memo !== undefined && body.excerpt_id === screen.excerpt_id;
  const shown = isHere ? withState(ready, { ...screen.state, memo }) : ready;
  return first([PAINT], post(shown, { kind, body, before: null }));
}

function onSaved(machine, { id, result }) {
  const [entry, ...outbox] = machine.outbox;
  if (!entry || entry.body.id !== id) return same(machine);
  const next = { ...machine, outbox, trouble: null };
  const effects = [...(outbox.length ? [{ do: "send", entry: outbox[0] }] : []), { do: "keep", outbox }, telling(next)];
  if (machine.isCatchingUp) return first(effects, onCaughtUp(next));
  return first(effects, ANSWERS[entry.kind](next, entry, result));
}

const ANSWERS = {
  action: afterAction,
  memo: (machine, _entry, result) => afterWritten(machine, result),
  propose(machine, _entry, result) {
    const { guid, name } = result.code;
    const codes = { ...machine.screen.codes, [guid]: { name, colour: null } };
    const named = { ...machine, screen: { ...machine.screen, codes } };
    return first([{ do: "proposed", message: null }], afterWritten(named, result));
  },
  // A new code goes with its making.
  undo: (machine, entry, result) => first([{ do: "forgetCodes" }], afterUndo(machine, entry, result)),
};

// What an earlier page had left is stored: the excerpt is shown as it stands with it.
function onCaughtUp(machine) {
  if (machine.outbox.length) return same(machine);
  const { excerpt_id: excerptId } = machine.screen;
  return same({ ...machine, isCatchingUp: false, ahead: {} }, { do: "load", excerptId }, say(t("What you had decided before is stored now.")));
}

function afterAction(machine, entry, result) {
  const touched = afterWritten(machine, result);
  const isLeaving = entry.body.verdicts.some(({ verdict }) => verdict === "done");
  const { phase, screen } = touched.machine;
  if (!isLeaving || entry.body.has_next || phase !== LEAVING || screen.excerpt_id !== result.excerpt_id) return touched;
  if (result.next) return first([...touched.effects, say("")], arriveAt({ ...touched.machine, ahead: {} }, result.next));
  return first(touched.effects, goOn(touched.machine, result.next_id));
}

// The server's word on where excerpts stand, unless more has been decided since.
function afterWritten(machine, result) {
  return heard(machine, { ...result.touched, [result.excerpt_id]: result.state });
}

function heard(machine, states) {
  const { screen, outbox } = machine;
  const marks = Object.entries(states).map(([id, state]) => {
    const isNewer = outbox.some(({ body }) => body.excerpt_id === Number(id) || body.action);
    const here = Number(id) === screen.excerpt_id ? screen.state : screen.marks[id];
    return [id, isNewer ? { ...(here ?? state), last_action: state.last_action } : state];
  });
  const next = withMarks(machine, Object.fromEntries(marks));
  return same(next, ...(next.phase === LEAVING ? [] : [PAINT]));
}

function afterUndo(machine, entry, result) {
  // It was taken back on the screen before.
  if (entry.before) return heard(machine, result.touched ?? {});
  if (result.excerpt_id === null) {
    return same({ ...machine, phase: READY, held: [] }, say(t("There is nothing left to undo.")));
  }
  const text = UNDONE[result.verdict] ? t("Undone: {what}.", { what: t(UNDONE[result.verdict]) }) : t("Undone.");
  const left = leaveFor({ ...machine, ahead: {} }, result.excerpt_id);
  return same(left.machine, ...left.effects, say(text));
}

const UNDONE = {
  accept: "a code given", add: "a code given", remove: "a code taken back", reject: "a rejection",
  done: "done, and what it passed over", unsure: "unsure", bound: "a boundary moved", memo: "a memo",
  mark: "words coded", reopen: "your own codes, with which the excerpt was finished first",
};

// What was decided on the same excerpt after it stands on what was refused, and falls with it.
function onRefused(machine, { id, message }) {
  const [entry, ...rest] = machine.outbox;
  if (!entry || entry.body.id !== id) return same(machine);
  const { excerpt_id: excerptId } = entry.body;
  // One after the other, so that an undo falls with what it would take back.
  const fallen = new Set([id]);
  const outbox = rest.filter(({ kind, body }) => {
    // What somebody wrote stands by itself, and is nowhere else.
    const isOnIt = kind === "action" && excerptId !== undefined && body.excerpt_id === excerptId;
    const falls = isOnIt || fallen.has(body.action);
    if (falls) fallen.add(body.id);
    return !falls;
  });
  const next = { ...machine, outbox, held: [], ahead: {}, trouble: null, isSurprised: true };
  const effects = [...(outbox.length ? [{ do: "send", entry: outbox[0] }] : []), { do: "keep", outbox }, telling(next)];
  const told = say(t("Not stored: {message}", { message }), "wrong");
  if (machine.isCatchingUp) return first(effects, first([told], onCaughtUp(next)));
  if (entry.kind === "propose") return first(effects, same(next, { do: "proposed", message }));
  const left = leaveFor(next, excerptId ?? machine.screen.excerpt_id);
  return same(left.machine, ...effects, ...left.effects, told);
}

function onAhead(machine, { screen }) {
  if (!machine.screen.upcoming.includes(screen.excerpt_id)) return same(machine);
  const ready = overlay(machine, screen, machine.mine);
  return same({ ...machine, ahead: { ...machine.ahead, [screen.excerpt_id]: ready } });
}

// Keys that waited are carried out in turn; the first that leads on leaves the others waiting again.
function onPainted(machine) {
  const wanted = machine.screen.upcoming.filter((id) => !machine.ahead[id] && id !== machine.screen.excerpt_id);
  const fetch = { do: "ahead", ids: wanted };
  if (machine.isCatchingUp) return same(machine);
  if (machine.phase !== LEAVING) return same(machine, fetch);
  const ready = same({ ...machine, phase: READY, held: [], isSurprised: false }, fetch);
  // After a refusal another state comes on the screen than the keys were meant for.
  const held = machine.isSurprised ? [] : machine.held;
  return held.reduce((before, event) => {
    const after = step(before.machine, { ...event, shownMs: 0 });
    return first(before.effects, after);
  }, ready);
}
