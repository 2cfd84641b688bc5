// What each command does to the machine: pure functions, no DOM, no network.

import { moveBound, splitSpan } from "./bounds.js";
import { sayUncounted } from "./counting.js";
import { joinWithNext, partJoined } from "./joins.js";
import {
  ASIDE, decide, decideElsewhere, first, goOn, LEAVING, leaveFor, nextAtHand, PAINT, post, same, say, suggestionsOf,
} from "./moves.js";
import { t } from "./say.js";
import { hasWhole, hasWords, standing } from "./standing.js";

export const COMMANDS = {
  toggle(machine, event) {
    return onSuggestion(machine, event, (suggestion) => giveOrTake(machine, suggestion));
  },
  reject(machine, event) {
    return onSuggestion(machine, event, (suggestion) => turnDown(machine, suggestion));
  },
  reject_rest(machine, event) {
    const open = openSuggestions(machine.screen);
    if (!open.length) return same(machine, say(t("No {one} is still open.", machine.words)));
    return decide(machine, event, open.map((suggestion) => plainly(suggestion, "reject")));
  },
  pick: (machine) => aside(machine, "openPicker"),
  propose: (machine, { name, span }) => aside(machine, "openProposal", { name, span }),
  memo: (machine) => aside(machine, "openMemo"),
  help: (machine) => aside(machine, "openHelp"),
  // A dialog that the page opens by itself.
  aside: (machine) => same({ ...machine, phase: ASIDE }),
  explain: (machine) => same({ ...machine, isExplained: !machine.isExplained }, PAINT),
  search: (machine) => same(machine, { do: "visit", address: "/search" }),
  play: (machine) => same(machine, { do: "play" }),
  unsure(machine, event) {
    const { state } = machine.screen;
    if (state.is_unsure) return same(machine, say(t("Marked unsure already; undo takes it back.")));
    const verdicts = [{ verdict: "unsure" }];
    return decide(machine, event, state.is_done ? [{ verdict: "reopen" }, ...verdicts] : verdicts);
  },
  done: finish,
  undo: takeBack,
  previous: (machine) => neighbour(machine, machine.screen.previous_id, t("This is the first excerpt of the interview.")),
  following: (machine) => neighbour(machine, machine.screen.following_id, t("This is the last excerpt of the interview.")),
  split,
  join,
};
const BOUNDS = ["start_earlier", "start_later", "end_later", "end_earlier"];
for (const move of BOUNDS.flatMap((name) => [name, `${name}_sentence`])) {
  COMMANDS[move] = (machine, event) => bound(machine, event, move);
}

export function boundsOf({ screen, part }) {
  return part?.span ?? screen.state.bounds ?? screen.frame;
}

// A code from the picker: given if it is not, taken back if it is; to selected words, or to a part.
export function pickCode(machine, event) {
  const { guid, name, colour, span = null } = event;
  const more = { codes: { [guid]: { name, colour } } };
  const place = span ?? machine.part?.span ?? null;
  const suggestion = suggestionsOf(machine.screen).find((each) => each.guid === guid);
  if (event.excerptId && event.excerptId !== machine.screen.excerpt_id) {
    return decideElsewhere(machine, event, [{ verdict: "add", code_guid: guid, ...place }], more);
  }
  if (place) {
    if (!span && hasWhole(machine.screen.state, guid)) return same(machine, say(t(ON_WHOLE)));
    const isThere = hasWords(machine.screen.state, guid, place);
    const verdict = { verdict: isThere ? "remove" : "add", code_guid: guid, ...place };
    const decided = decide(machine, event, [verdict], more);
    const told = isThere ? "" : sayUncounted(machine.screen, place);
    return told ? same(decided.machine, ...decided.effects, say(told)) : decided;
  }
  const isGiven = standing(machine.screen.state, guid) === "given";
  const verdict = suggestion ? plainly(suggestion, isGiven ? "remove" : "accept") : { verdict: isGiven ? "remove" : "add", code_guid: guid };
  return decide(machine, event, [verdict], more);
}

function aside(machine, effect, more = {}) {
  return same({ ...machine, phase: ASIDE }, { do: effect, ...more });
}

function finish(machine, event) {
  const { screen } = machine;
  const open = openSuggestions(screen);
  const ready = nextAtHand(machine);
  if (screen.state.is_done && !open.length) {
    return goOn(machine, ready ?? screen.next_open_id);
  }
  const verdicts = [...open.map((suggestion) => plainly(suggestion, "pass_over")), { verdict: "done" }];
  const decided = decide(machine, event, verdicts, { more: { has_next: ready !== null } });
  if (ready === null) return { ...decided, machine: { ...decided.machine, phase: LEAVING } };
  return first(decided.effects.filter((effect) => effect !== PAINT), leaveFor(decided.machine, ready));
}

// What has not been answered yet is known here: it is taken back at once, and on the server in its turn.
function takeBack(machine, event) {
  const isTaken = ({ body }) => machine.outbox.some((each) => each.body.action === body.id);
  const latest = machine.outbox.filter((each) => each.kind !== "undo" && !isTaken(each)).at(-1);
  if (!latest?.before) {
    const named = latest ? { action: latest.body.id } : {};
    return post({ ...machine, phase: LEAVING }, { kind: "undo", body: { id: event.id, ...named }, before: null });
  }
  const body = { id: event.id, action: latest.body.id };
  const posted = post(machine, { kind: "undo", body, before: machine.screen });
  const { before } = latest;
  const isMove = before.excerpt_id !== machine.screen.excerpt_id;
  const next = { ...posted.machine, ahead: {}, screen: before, part: null, phase: isMove ? LEAVING : machine.phase };
  return { machine: next, effects: [...posted.effects, PAINT, say(t("Undone."))] };
}

function onSuggestion(machine, event, choose) {
  const suggestion = suggestionsOf(machine.screen).find((each) => (event.suggestionId
    ? each.id === event.suggestionId : each.key === event.digit));
  if (!suggestion) {
    return same(machine, say(t("There is no {one} {n} here.", { ...machine.words, n: event.digit })));
  }
  const chosen = choose(suggestion);
  return typeof chosen === "string" ? same(machine, say(chosen)) : decide(machine, event, [chosen]);
}

function openSuggestions({ groups, state }) {
  return suggestionsOf({ groups }).filter((each) => standing(state, each.guid) === "open");
}

function plainly(suggestion, verdict) {
  return { verdict, code_guid: suggestion.guid, suggestion_id: suggestion.id };
}

const ON_WHOLE = "The whole excerpt has this code. Press Split until the whole excerpt is in hand, then take it back.";

// Of the part in hand, where the excerpt is split.
function giveOrTake({ screen: { state }, part }, suggestion) {
  const { guid } = suggestion;
  if (!part) return plainly(suggestion, standing(state, guid) === "given" ? "remove" : "accept");
  if (hasWhole(state, guid)) return t(ON_WHOLE);
  return { ...plainly(suggestion, hasWords(state, guid, part.span) ? "remove" : "accept"), ...part.span };
}

// A rejection is of the whole excerpt, and must not take away unseen what another part has.
function turnDown({ screen: { state }, part }, suggestion) {
  const now = standing(state, suggestion.guid);
  if (now === "rejected") return t("Rejected already; undo takes it back.");
  if (part && now === "given") return t("Another part of the excerpt has this code. Press Split until the whole excerpt is in hand, then reject it.");
  return plainly(suggestion, "reject");
}

function bound(machine, event, move) {
  const span = moveBound(machine.screen, boundsOf(machine), move);
  if (!span) return same(machine, say(t("There is nothing to move it to.")));
  if (machine.part) return same({ ...machine, part: { ...machine.part, span } }, PAINT);
  const { frame } = machine.screen;
  if (span.start_char >= frame.end_char || span.end_char <= frame.start_char) {
    return same(machine, say(t("It cannot be moved away from its own words.")));
  }
  return decide(machine, event, [{ verdict: "bound", ...span }]);
}

function split(machine) {
  const { part } = machine;
  const halves = part?.halves ?? partJoined(machine.screen) ?? splitSpan(machine.screen, boundsOf(machine));
  if (!halves) return same(machine, say(t("It is one word: there is nothing to split.")));
  const at = part ? part.at + 1 : 0;
  const next = at < halves.length ? { at, halves, span: halves[at] } : null;
  const told = [t("The first part is in hand."), t("The second part is in hand."), t("The whole excerpt is in hand.")];
  return same({ ...machine, part: next }, PAINT, say(told[at]));
}

function join(machine, event) {
  const { screen } = machine;
  const span = partJoined(screen)?.[0] ?? joinWithNext(screen);
  if (!span) return same(machine, say(t("There is no next excerpt to join it with.")));
  return decide({ ...machine, part: null, ahead: {} }, event, [{ verdict: "bound", ...span }]);
}

function neighbour(machine, excerptId, line) {
  return excerptId === null ? same(machine, say(line)) : leaveFor(machine, excerptId);
}
