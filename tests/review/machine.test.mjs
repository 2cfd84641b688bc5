// What the state machine does with keys, answers and late answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  applyVerdicts, begin as beginWith, LEAVING, READY, ASIDE, step,
} from "../../review/static/machine.js";

const begin = (screen) => beginWith(screen, { one: "suggestion", many: "suggestions" });
const suggestion = (id, key) => ({ id, key, guid: `G${id}` });
const open = { given: [], rejected: [], passed_over: [], is_done: false, is_unsure: false };

function screenOf(excerptId, more = {}) {
  return {
    excerpt_id: excerptId, model_version_id: 7, previous_id: excerptId - 1, following_id: excerptId + 1,
    next_open_id: excerptId + 1, marks: {}, codes: {}, state: open,
    groups: [{ theme: "T", suggestions: [suggestion(1, 1), suggestion(2, 2)] }], ...more,
  };
}

let n = 0;
const press = (command, digit = null) => ({ type: "command", command, digit, id: `id${n += 1}` });

// Runs events one after another; gives the last machine and all effects.
function run(machine, ...events) {
  return events.reduce(({ machine: now, effects }, event) => {
    const after = step(now, event);
    return { machine: after.machine, effects: [...effects, ...after.effects] };
  }, { machine, effects: [] });
}

const doing = (effects, name) => effects.filter((effect) => effect.do === name);
const sentVerdicts = (machine) => machine.outbox.map((entry) => entry.body.verdicts?.map((v) => v.verdict));
const answer = (machine, more = {}) => ({
  type: "saved", id: machine.outbox[0].id,
  result: { excerpt_id: machine.screen.excerpt_id, state: machine.screen.state, next_id: null, ...more },
});

test("a digit gives, and once more takes back", () => {
  const given = run(begin(screenOf(3)), press("toggle", 1)).machine;
  assert.deepEqual(given.screen.state.given, ["G1"]);
  const back = run(given, press("toggle", 1)).machine;
  assert.deepEqual(back.screen.state.given, []);
  assert.deepEqual(sentVerdicts(back), [["accept"], ["remove"]]);
});

test("a digit without a suggestion stores nothing and says so", () => {
  const { machine, effects } = run(begin(screenOf(3)), press("toggle", 8));
  assert.deepEqual(machine.outbox, []);
  assert.match(doing(effects, "say")[0].text, /no suggestion 8/);
});

test("what is said of suggestions is said in the study's words", () => {
  const start = beginWith(screenOf(3), { one: "second reading", many: "second readings" });
  const { effects } = run(start, press("toggle", 8), press("rejectRest"), press("rejectRest"));
  const said = doing(effects, "say").map((effect) => effect.text).filter(Boolean);
  assert.deepEqual(said, ["There is no second reading 8 here.", "No second reading is still open."]);
});

test("a suggestion beyond the ninth has no digit but a button", () => {
  const groups = [{ theme: "T", suggestions: [suggestion(1, 1), suggestion(2, null)] }];
  const event = { ...press("toggle"), suggestionId: 2 };
  const { machine } = run(begin(screenOf(3, { groups })), event);
  assert.deepEqual(machine.screen.state.given, ["G2"]);
});

test("rejecting what is rejected stores nothing", () => {
  const { machine } = run(begin(screenOf(3)), press("reject", 1), press("reject", 1));
  assert.deepEqual(sentVerdicts(machine), [["reject"]]);
});

test("rejecting the rest leaves what was given", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1), press("rejectRest"), press("rejectRest"));
  assert.deepEqual(machine.screen.state.rejected, ["G2"]);
  assert.equal(machine.outbox.length, 2);
});

test("done passes over what is open, in one action", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1), press("done"));
  assert.deepEqual(sentVerdicts(machine), [["accept"], ["pass_over", "done"]]);
  assert.equal(machine.phase, LEAVING);
});

test("done on what is done goes on and stores nothing", () => {
  const state = { ...open, is_done: true, passed_over: ["G1", "G2"] };
  const { machine, effects } = run(begin(screenOf(3, { state, next_open_id: 9 })), press("done"));
  assert.deepEqual(machine.outbox, []);
  assert.deepEqual(doing(effects, "load"), [{ do: "load", excerptId: 9 }]);
});

test("unsure on what is done opens it again", () => {
  const done = screenOf(3, { state: { ...open, is_done: true } });
  assert.deepEqual(sentVerdicts(run(begin(done), press("unsure"), press("unsure")).machine), [["reopen", "unsure"]]);
});

test("saves go out one at a time and in order", () => {
  const first = run(begin(screenOf(3)), press("toggle", 1), press("toggle", 2));
  assert.equal(doing(first.effects, "send").length, 1);
  const second = run(first.machine, answer(first.machine));
  assert.equal(doing(second.effects, "send")[0].entry, first.machine.outbox[1]);
  assert.deepEqual(second.machine.screen.state.given, ["G1", "G2"]);
});

test("the next excerpt is loaded only when done is stored", () => {
  const { machine, effects } = run(begin(screenOf(3)), press("done"));
  assert.deepEqual(doing(effects, "load"), []);
  const stored = run(machine, answer(machine, { next_id: 5 }));
  assert.deepEqual(doing(stored.effects, "load"), [{ do: "load", excerptId: 5 }]);
});

test("a next excerpt that comes along with the answer is painted at once", () => {
  const { machine } = run(begin(screenOf(3)), press("done"));
  const stored = run(machine, answer(machine, { next_id: 4, next: screenOf(4) }));
  assert.deepEqual(doing(stored.effects, "load"), []);
  assert.equal(stored.machine.screen.excerpt_id, 4);
  assert.equal(stored.machine.phase, LEAVING);
  assert.equal(run(stored.machine, { type: "painted" }).machine.phase, READY);
});

test("after the last excerpt the page finishes", () => {
  const { machine } = run(begin(screenOf(3)), press("done"));
  assert.equal(doing(run(machine, answer(machine)).effects, "finish").length, 1);
});

test("keys that decide, pressed before the next excerpt is painted, hit none and are said to be dropped", () => {
  const leaving = run(begin(screenOf(3)), press("done")).machine;
  const sent = leaving.outbox.length;
  const { machine, effects } = run(
    leaving, press("toggle", 1), press("done"), press("rejectRest"),
    answer(leaving, { next_id: 4 }), press("reject", 2), { type: "loaded", screen: screenOf(4) },
    press("toggle", 2), { type: "painted" },
  );
  assert.equal(sent, 1);
  assert.deepEqual(machine.outbox, []);
  assert.deepEqual(machine.screen.state, open);
  assert.equal(machine.phase, READY);
  assert.match(doing(effects, "say").at(-1).text, /^5 keys came before/);
});

test("keys that decide nothing, pressed before the paint, are carried out after it", () => {
  const leaving = run(begin(screenOf(3)), press("following")).machine;
  const { machine, effects } = run(
    leaving, press("following"), { type: "loaded", screen: screenOf(4) }, { type: "painted" },
  );
  assert.deepEqual(doing(effects, "load"), [{ do: "load", excerptId: 5 }]);
  assert.equal(machine.phase, LEAVING);
});

test("undo pressed while leaving is held and then undoes", () => {
  const leaving = run(begin(screenOf(3)), press("done")).machine;
  const { machine } = run(leaving, press("undo"), answer(leaving, { next_id: 4 }),
    { type: "loaded", screen: screenOf(4) }, { type: "painted" });
  assert.deepEqual(machine.outbox.map((entry) => entry.kind), ["undo"]);
});

test("undo shows the excerpt that it was about", () => {
  const { machine } = run(begin(screenOf(3)), press("undo"));
  const { effects } = run(machine, {
    type: "saved", id: machine.outbox[0].id, result: { excerpt_id: 2, verdict: "done" },
  });
  assert.deepEqual(doing(effects, "load"), [{ do: "load", excerptId: 2 }]);
  assert.match(doing(effects, "say").at(-1).text, /^Undone: done/);
});

test("undo with nothing left stays where it is", () => {
  const { machine } = run(begin(screenOf(3)), press("undo"));
  const after = run(machine, { type: "saved", id: machine.outbox[0].id, result: { excerpt_id: null } });
  assert.equal(after.machine.phase, READY);
});

test("while the picker is open no key decides, and what is picked is given", () => {
  const aside = run(begin(screenOf(3)), press("pick"), press("toggle", 1), press("done")).machine;
  assert.equal(aside.phase, ASIDE);
  assert.deepEqual(aside.outbox, []);
  const { machine } = run(aside, { type: "pick", id: "p", guid: "X", name: "X", colour: null }, { type: "closed" });
  assert.deepEqual(sentVerdicts(machine), [["add"]]);
  assert.equal(machine.phase, READY);
});

test("picking a suggested code accepts the suggestion; picking a given one takes it back", () => {
  const pick = (id) => ({ type: "pick", id, guid: "G2", name: "two", colour: null });
  const { machine } = run(begin(screenOf(3)), pick("p"), pick("q"));
  assert.deepEqual(sentVerdicts(machine), [["accept"], ["remove"]]);
});

test("a save that does not arrive stays, is said, and is sent again with its id", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1));
  const late = run(machine, { type: "unsaved", id: machine.outbox[0].id });
  assert.match(doing(late.effects, "saving")[0].text, /Not saved yet/);
  assert.equal(doing(late.effects, "resend").length, 1);
  assert.equal(late.machine.outbox[0], machine.outbox[0]);
});

test("giving one pole of a choice decides nothing of the other, and done passes that over", () => {
  const poles = [{ ...suggestion(1, 1), choice_with: "G2" }, { ...suggestion(2, 2), choice_with: "G1" }];
  const start = begin(screenOf(3, { groups: [{ theme: "T", suggestions: poles }] }));
  const given = run(start, press("toggle", 2)).machine;
  assert.deepEqual([given.screen.state.given, given.screen.state.rejected], [["G2"], []]);
  const done = run(given, press("done")).machine;
  assert.deepEqual(sentVerdicts(done), [["accept"], ["pass_over", "done"]]);
});

test("a late answer about another excerpt changes nothing on the screen", () => {
  const pressed = run(begin(screenOf(3)), press("toggle", 1)).machine;
  const moved = run(pressed, press("following"), { type: "loaded", screen: screenOf(4) }, { type: "painted" }).machine;
  const { machine } = run(moved, answer(pressed));
  assert.deepEqual(machine.screen, screenOf(4));
});

test("an answer to something that was dropped is ignored", () => {
  const { effects } = run(begin(screenOf(3)), { type: "saved", id: "old", result: {} });
  assert.deepEqual(effects, []);
});

test("what the server refuses is taken from the screen and said", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1), press("toggle", 2));
  const refused = run(machine, { type: "refused", id: machine.outbox[0].id, message: "409: no." });
  assert.deepEqual(refused.machine.outbox, []);
  assert.deepEqual(doing(refused.effects, "load"), [{ do: "load", excerptId: 3 }]);
  assert.match(doing(refused.effects, "say").at(-1).text, /409: no\./);
});

test("the first and the last excerpt have no neighbour", () => {
  const edge = screenOf(3, { previous_id: null, following_id: null });
  assert.equal(run(begin(edge), press("previous")).machine.phase, READY);
  assert.equal(run(begin(edge), press("following")).machine.phase, READY);
});

test("a missing excerpt leaves the page usable", () => {
  const leaving = run(begin(screenOf(3)), press("following")).machine;
  assert.equal(run(leaving, { type: "missing", message: "404" }).machine.phase, READY);
});

test("a page that cannot be reached is asked again", () => {
  const leaving = run(begin(screenOf(3)), press("following")).machine;
  const { effects } = run(leaving, { type: "unloaded", excerptId: 4 });
  assert.deepEqual(doing(effects, "reload"), [{ do: "reload", excerptId: 4 }]);
});

test("a code stands in one place only, as on the server", () => {
  const verdicts = ["accept", "reject", "add", "remove", "pass_over"].map((verdict) => ({ verdict, code_guid: "G" }));
  const after = applyVerdicts(open, verdicts);
  assert.deepEqual([after.given, after.rejected, after.passed_over], [[], [], ["G"]]);
  assert.equal(applyVerdicts({ ...open, is_unsure: true }, [{ verdict: "done" }]).is_unsure, false);
});
