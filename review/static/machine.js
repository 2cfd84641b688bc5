// The page as a state machine: pure functions, no DOM, no network.
//
// step(machine, event) gives { machine, effects }. While one excerpt is being left and the next is
// not yet painted, keys are held. Once it is painted those that decide nothing are carried out;
// those that decide are dropped and said to be, for nobody can have meant an unseen excerpt.

import { DECIDING } from "./keys.js";

export const READY = "ready";
export const LEAVING = "leaving";
export const ASIDE = "aside"; // the picker or the help is open

const same = (machine, ...effects) => ({ machine, effects });
const say = (text, tone = "quiet") => ({ do: "say", text, tone });
const PAINT = { do: "paint" };

// words: what the study calls a suggestion: one, and many.
export function begin(screen, words) {
  return { phase: READY, words, screen, outbox: [], held: [], isRetrying: false, isExplained: false };
}

export function suggestionsOf(screen) {
  return screen.groups.flatMap((group) => group.suggestions);
}

export function standing(state, guid) {
  if (state.given.includes(guid)) return "given";
  if (state.rejected.includes(guid)) return "rejected";
  return state.passed_over.includes(guid) ? "passed" : "open";
}

export function step(machine, event) {
  return HANDLERS[event.type](machine, event);
}

const HANDLERS = {
  command: onCommand,
  pick: onPick,
  goto: (machine, { excerptId }) => (machine.phase === LEAVING
    ? same(machine) : leaveFor(machine, excerptId)),
  closed: (machine) => same({ ...machine, phase: machine.phase === ASIDE ? READY : machine.phase }),
  saved: onSaved,
  unsaved: (machine) => same({ ...machine, isRetrying: true },
    { do: "saving", text: "Not saved yet – retrying" }, { do: "resend" }),
  refused: onRefused,
  loaded: (machine, { screen }) => same({ ...machine, screen }, PAINT),
  unloaded: (machine, { excerptId }) => same(machine,
    { do: "saving", text: "The page cannot be reached – retrying" }, { do: "reload", excerptId }),
  missing: (machine, { message }) => same({ ...machine, phase: READY, held: [] },
    say(message, "wrong")),
  painted: onPainted,
};

function onCommand(machine, event) {
  if (machine.phase === LEAVING) {
    return same({ ...machine, held: [...machine.held, event] });
  }
  if (machine.phase === ASIDE) return same(machine);
  return COMMANDS[event.command](machine, event);
}

const COMMANDS = {
  toggle(machine, event) {
    return onSuggestion(machine, event, (suggestion, now) => (now === "given"
      ? about(suggestion, "remove") : about(suggestion, "accept")));
  },
  reject(machine, event) {
    return onSuggestion(machine, event, (suggestion, now) => (now === "rejected"
      ? null : about(suggestion, "reject")));
  },
  rejectRest(machine, event) {
    const open = openSuggestions(machine.screen);
    if (!open.length) return same(machine, say(`No ${machine.words.one} is still open.`));
    return decide(machine, event.id, open.map((suggestion) => about(suggestion, "reject")));
  },
  pick: (machine) => same({ ...machine, phase: ASIDE }, { do: "openPicker" }),
  help: (machine) => same({ ...machine, phase: ASIDE }, { do: "openHelp" }),
  explain: (machine) => same({ ...machine, isExplained: !machine.isExplained }, PAINT),
  unsure(machine, event) {
    const { state } = machine.screen;
    if (state.is_unsure) return same(machine, say("Marked unsure already; u takes it back."));
    const verdicts = [{ verdict: "unsure" }];
    return decide(machine, event.id, state.is_done ? [{ verdict: "reopen" }, ...verdicts] : verdicts);
  },
  done(machine, event) {
    const { screen } = machine;
    const open = openSuggestions(screen);
    if (screen.state.is_done && !open.length) return goOn(machine, screen.next_open_id);
    const verdicts = [...open.map((suggestion) => about(suggestion, "pass_over")), { verdict: "done" }];
    const decided = decide(machine, event.id, verdicts);
    return { ...decided, machine: { ...decided.machine, phase: LEAVING } };
  },
  undo(machine, event) {
    const entry = { kind: "undo", id: event.id, body: { id: event.id } };
    return post({ ...machine, phase: LEAVING }, entry);
  },
  previous: (machine) => neighbour(machine, machine.screen.previous_id, "first"),
  following: (machine) => neighbour(machine, machine.screen.following_id, "last"),
};

// A code from the picker: given if it is not, taken back if it is.
function onPick(machine, { id, guid, name, colour }) {
  const { screen } = machine;
  const suggestion = suggestionsOf(screen).find((s) => s.guid === guid);
  const isGiven = standing(screen.state, guid) === "given";
  const plain = { verdict: isGiven ? "remove" : "add", code_guid: guid };
  const verdict = suggestion ? about(suggestion, isGiven ? "remove" : "accept") : plain;
  const codes = { ...screen.codes, [guid]: { name, colour } };
  return decide({ ...machine, phase: READY, screen: { ...screen, codes } }, id, [verdict]);
}

function onSuggestion(machine, event, choose) {
  const suggestion = suggestionsOf(machine.screen).find((s) => (event.suggestionId
    ? s.id === event.suggestionId : s.key === event.digit));
  if (!suggestion) return same(machine, say(`There is no ${machine.words.one} ${event.digit} here.`));
  const verdict = choose(suggestion, standing(machine.screen.state, suggestion.guid));
  if (!verdict) return same(machine, say("Rejected already; u takes it back."));
  return decide(machine, event.id, [verdict]);
}

function openSuggestions({ groups, state }) {
  return suggestionsOf({ groups }).filter((s) => standing(state, s.guid) === "open");
}

function about(suggestion, verdict) {
  return { verdict, code_guid: suggestion.guid, suggestion_id: suggestion.id };
}

function decide(machine, id, verdicts) {
  const { screen } = machine;
  const body = {
    id, excerpt_id: screen.excerpt_id, model_version_id: screen.model_version_id, verdicts,
  };
  const next = { ...machine, screen: withState(screen, applyVerdicts(screen.state, verdicts)) };
  const posted = post(next, { kind: "action", id, body });
  return { ...posted, effects: [PAINT, say(""), ...posted.effects] };
}

// What the server will answer, shown at once.
export function applyVerdicts(state, verdicts) {
  return verdicts.reduce((now, { verdict, code_guid: guid }) => {
    if (guid === undefined) return applyMark(now, verdict);
    const without = (guids) => guids.filter((other) => other !== guid);
    const next = {
      ...now,
      given: without(now.given),
      rejected: without(now.rejected),
      passed_over: without(now.passed_over),
    };
    next[BUCKETS[verdict]].push(guid);
    return next;
  }, state);
}

const BUCKETS = {
  accept: "given", add: "given", reject: "rejected", remove: "rejected", pass_over: "passed_over",
};

function applyMark(state, verdict) {
  if (verdict === "unsure") return { ...state, is_unsure: true };
  const isDone = verdict === "done";
  return { ...state, is_done: isDone, is_unsure: state.is_unsure && !isDone };
}

function withState(screen, state) {
  return { ...screen, state, marks: { ...screen.marks, [screen.excerpt_id]: state } };
}

function post(machine, entry) {
  const outbox = [...machine.outbox, entry];
  // One at a time and in order: undo means the last thing that was stored.
  const effects = outbox.length === 1 ? [{ do: "send", entry }] : [];
  return { machine: { ...machine, outbox }, effects };
}

function onSaved(machine, { id, result }) {
  const [entry, ...outbox] = machine.outbox;
  if (!entry || entry.id !== id) return same(machine);
  let next = { ...machine, outbox, isRetrying: false };
  const effects = [outbox.length ? { do: "send", entry: outbox[0] } : { do: "saving", text: "Saved" }];
  if (entry.kind === "undo") return afterUndo(next, effects, result);
  const isShown = result.excerpt_id === next.screen.excerpt_id;
  if (isShown && !outbox.length) {
    next = { ...next, screen: withState(next.screen, result.state) };
    if (next.phase !== LEAVING) effects.push(PAINT);
  }
  const isLeaving = entry.body.verdicts.some(({ verdict }) => verdict === "done");
  if (!isLeaving) return { machine: next, effects };
  if (result.next) return { machine: { ...next, screen: result.next }, effects: [...effects, PAINT, say("")] };
  const onward = goOn(next, result.next_id);
  return { machine: onward.machine, effects: [...effects, ...onward.effects] };
}

function afterUndo(machine, effects, result) {
  if (result.excerpt_id === null) {
    return { machine: { ...machine, phase: READY, held: [] },
      effects: [...effects, say("There is nothing left to undo.")] };
  }
  const text = result.verdict ? `Undone: ${UNDONE[result.verdict] ?? result.verdict}.` : "Undone.";
  const left = leaveFor(machine, result.excerpt_id);
  return { machine: left.machine, effects: [...effects, ...left.effects, say(text)] };
}

const UNDONE = {
  accept: "a code given", add: "a code given", remove: "a code taken back", reject: "a rejection",
  done: "done, and what it passed over", unsure: "unsure",
};

// What follows in the outbox was decided on what was refused, so it is dropped with it.
function onRefused(machine, { message }) {
  const left = leaveFor({ ...machine, outbox: [], held: [] }, machine.screen.excerpt_id);
  return { machine: left.machine, effects: [...left.effects,
    { do: "saving", text: "" }, say(`Not stored: ${message}`, "wrong")] };
}

function neighbour(machine, excerptId, which) {
  return excerptId === null
    ? same(machine, say(`This is the ${which} excerpt of the interview.`))
    : leaveFor(machine, excerptId);
}

function goOn(machine, excerptId) {
  return excerptId === null
    ? same({ ...machine, phase: LEAVING }, { do: "finish" }) : leaveFor(machine, excerptId);
}

function leaveFor(machine, excerptId) {
  return same({ ...machine, phase: LEAVING }, { do: "load", excerptId }, say(""));
}

function onPainted(machine) {
  if (machine.phase !== LEAVING) return same(machine);
  const ready = { ...machine, phase: READY, held: [] };
  const dropped = machine.held.filter(({ command }) => DECIDING.has(command)).length;
  const result = machine.held.filter(({ command }) => !DECIDING.has(command)).reduce(
    (before, event) => {
      const after = step(before.machine, event);
      return { machine: after.machine, effects: [...before.effects, ...after.effects] };
    },
    same(ready),
  );
  if (dropped) {
    const keys = dropped === 1 ? "A key" : `${dropped} keys`;
    result.effects.push(say(`${keys} came before this excerpt was on the screen: not counted.`, "wrong"));
  }
  return result;
}
