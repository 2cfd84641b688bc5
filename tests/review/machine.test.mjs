// What the state machine does with keys, answers and late answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { begin as beginWith, LEAVING, READY, ASIDE, step } from "../../review/static/machine.js";
import { applyVerdicts, NOTHING, standingAt } from "../../review/static/standing.js";

const painted = { type: "painted" };
const begin = (screen, words = { one: "suggestion", many: "suggestions" }) => step(beginWith(screen, words), painted).machine;
const suggestion = (id, key) => ({ id, key, guid: `G${id}` });
const open = NOTHING;
const WORDS = "He came in. He sat down and wept. Then he left.";

function screenOf(excerptId, more = {}) {
  return {
    excerpt_id: excerptId, model_version_id: 7, previous_id: excerptId - 1, following_id: excerptId + 1,
    next_open_id: excerptId + 1, marks: {}, codes: {}, state: open, upcoming: [], n_done: 0, interview_id: 1,
    version_id: 5, frame: { start_char: 0, end_char: WORDS.length }, hides_codes: false, is_committing: false,
    turns: [{ parts: [{ excerpt_id: excerptId, start_char: 0, text: WORDS }] }],
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
  type: "saved", id: machine.outbox[0].body.id,
  result: { excerpt_id: machine.screen.excerpt_id, state: machine.screen.state, touched: {}, next_id: null, ...more },
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
  const start = begin(screenOf(3), { one: "second reading", many: "second readings" });
  const { effects } = run(start, press("toggle", 8), press("reject_rest"), press("reject_rest"));
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
  const { machine } = run(begin(screenOf(3)), press("toggle", 1), press("reject_rest"), press("reject_rest"));
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

test("keys pressed before the next excerpt is painted wait for it, and none hits the one that is left", () => {
  const leaving = run(begin(screenOf(3)), press("done")).machine;
  const { machine } = run(
    leaving, press("toggle", 1), answer(leaving, { next_id: 4 }), press("done"), press("toggle", 2),
    { type: "loaded", screen: screenOf(4) }, painted,
  );
  assert.deepEqual(machine.outbox.map(({ body }) => body.excerpt_id), [4, 4]);
  assert.deepEqual(sentVerdicts(machine), [["accept"], ["pass_over", "done"]]);
  assert.deepEqual(machine.held.map(({ digit }) => digit), [2]);
  const next = run(machine, answer(machine), answer(run(machine, answer(machine)).machine, { next_id: 5 }),
    { type: "loaded", screen: screenOf(5) }, painted).machine;
  assert.deepEqual(next.outbox.map(({ body }) => body.excerpt_id), [5]);
});

test("keys that waited while a refusal was being shown are dropped: they were meant for another state", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1));
  const { machine: after } = run(machine, { type: "refused", id: machine.outbox[0].body.id, message: "409: no." },
    press("toggle", 2), { type: "loaded", screen: screenOf(3) }, painted);
  assert.deepEqual(after.outbox, []);
});

test("a next excerpt that is held ready is painted at once, and the decision is saved behind it", () => {
  const start = run(begin(screenOf(3, { upcoming: [4, 5] })), { type: "ahead", screen: screenOf(4, { upcoming: [5] }) }).machine;
  const { machine, effects } = run(start, press("toggle", 1), press("done"));
  assert.equal(machine.screen.excerpt_id, 4);
  assert.deepEqual(doing(effects, "load"), []);
  assert.equal(machine.outbox.at(-1).body.has_next, true);
  assert.equal(doing(effects, "saving").at(-1).text, "Saving…");
  assert.equal(machine.screen.marks[3].is_done, true);
  assert.equal(machine.screen.n_done, 1);
  const { machine: later } = run(machine, painted, answer(machine, { excerpt_id: 3, state: machine.screen.marks[3] }),
    answer({ ...machine, outbox: machine.outbox.slice(1) }, { excerpt_id: 3, state: machine.screen.marks[3], next_id: 9 }));
  assert.equal(later.screen.excerpt_id, 4);
  assert.equal(later.phase, READY);
});

test("what is fetched ahead is asked for once the excerpt is painted, and kept only while it is to come", () => {
  const { machine, effects } = run(beginWith(screenOf(3, { upcoming: [4, 5] }), {}), painted);
  assert.deepEqual(doing(effects, "ahead"), [{ do: "ahead", ids: [4, 5] }]);
  assert.deepEqual(run(machine, { type: "ahead", screen: screenOf(9) }).machine.ahead, {});
});

test("an excerpt held ready shows what was decided since, but no codes around an independent reading", () => {
  const next = { ...screenOf(4), upcoming: [] };
  const given = (more) => {
    const start = run(begin(screenOf(3, { upcoming: [4] })), { type: "ahead", screen: { ...next, ...more } }).machine;
    return run(start, press("toggle", 1), press("done")).machine.screen.marks[3];
  };
  assert.deepEqual(given({}).given, ["G1"]);
  assert.deepEqual(given({ hides_codes: true }).given, []);
  assert.equal(given({ hides_codes: true }).is_done, true);
});

test("codes that were given before have their names on the next excerpt", () => {
  const start = run(begin(screenOf(3, { upcoming: [4] })), { type: "ahead", screen: screenOf(4) }).machine;
  const pick = { type: "pick", id: "p", guid: "X", name: "Silence", colour: null };
  assert.equal(run(start, pick, press("done")).machine.screen.codes.X.name, "Silence");
});

test("a decision tells which actions may have come before it, and no more", () => {
  const start = begin(screenOf(3, { state: { ...open, last_action: "server" } }));
  const { machine } = run(start, { ...press("toggle", 1), id: "a" }, { ...press("toggle", 2), id: "b" });
  assert.deepEqual(machine.outbox.map(({ body }) => body.after), [["server"], ["server", "a"]]);
});

test("offline, decisions are kept, counted, and sent in their order when the server is back", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1));
  const late = run(machine, { type: "unsaved", trouble: "offline" }, press("toggle", 2));
  assert.match(doing(late.effects, "saving")[0].text, /^Offline: one decision/);
  assert.match(doing(late.effects, "saving").at(-1).text, /^Offline: 2 decisions/);
  assert.deepEqual(doing(late.effects, "keep").at(-1).outbox.length, 2);
  const back = run(late.machine, answer(late.machine));
  assert.equal(doing(back.effects, "send")[0].entry, late.machine.outbox[1]);
  assert.equal(doing(back.effects, "saving").at(-1).text, "Saving…");
});

test("what an earlier page left is sent first, and the excerpt shown as it stands then", () => {
  const kept = [{ kind: "action", body: { id: "k", excerpt_id: 3, verdicts: [{ verdict: "done" }] }, before: null }];
  const start = run(beginWith(screenOf(3), {}, kept), painted, press("toggle", 1), { type: "started" });
  assert.deepEqual(doing(start.effects, "send"), [{ do: "send", entry: kept[0] }]);
  const { machine, effects } = run(start.machine, { type: "saved", id: "k", result: { excerpt_id: 3 } });
  assert.deepEqual(doing(effects, "load"), [{ do: "load", excerptId: 3 }]);
  assert.deepEqual(run(machine, { type: "loaded", screen: screenOf(3) }, painted).machine.outbox.length, 1);
});

test("undo of what has not been answered yet is shown at once, and names what it takes back", () => {
  const pressed = run(begin(screenOf(3)), { ...press("toggle", 1), id: "a" }).machine;
  const { machine } = run(pressed, press("undo"), press("toggle", 2));
  assert.deepEqual(machine.outbox.map(({ kind, body }) => [kind, body.action]), [["action", undefined], ["undo", "a"], ["action", undefined]]);
  assert.deepEqual(machine.screen.state.given, ["G2"]);
});

test("after a quick undo the next decision comes after the undo, as the server has it", () => {
  const pressed = run(begin(screenOf(3)), { ...press("unsure"), id: "a" }, { ...press("undo"), id: "u" }).machine;
  const stored = run(pressed, answer(pressed)).machine;
  const undone = { excerpt_id: 3, verdict: "unsure", touched: { 3: { ...open, last_action: "u" } } };
  const { machine } = run(stored, { type: "saved", id: "u", result: undone }, press("unsure"));
  assert.deepEqual(machine.outbox[0].body.after, ["u"]);
});

test("an undo falls with the refused decision that it was to take back", () => {
  const coding = { type: "passage", id: "p", excerptId: 8, verdicts: [{ verdict: "remove", code_guid: "G1" }], codes: {} };
  const { machine } = run(begin(screenOf(3)), coding, press("undo"));
  assert.equal(machine.outbox[1].body.action, "p");
  const refused = run(machine, { type: "refused", id: "p", message: "409: no." });
  assert.deepEqual(refused.machine.outbox, []);
});

test("a memo that was written while another excerpt came on the screen is not painted there", () => {
  const write = { type: "write", kind: "memo", memo: "About three.", body: { id: "m", excerpt_id: 3, text: "About three." } };
  const { machine } = run(begin(screenOf(4)), write);
  assert.equal(machine.screen.state.memo, "");
});

test("undo of an unanswered done brings its excerpt back at once", () => {
  const start = run(begin(screenOf(3, { upcoming: [4] })), { type: "ahead", screen: screenOf(4) }).machine;
  const { machine } = run(start, press("done"), painted, press("undo"));
  assert.equal(machine.screen.excerpt_id, 3);
  assert.equal(machine.screen.state.is_done, false);
});

test("a memo that waits on an excerpt is kept when a decision on it is refused", () => {
  const memo = { type: "write", kind: "memo", memo: "Synthetic.", body: { id: "m", excerpt_id: 3, text: "Synthetic." } };
  const { machine } = run(begin(screenOf(3)), painted, press("toggle", 1), press("toggle", 2), memo);
  const refused = run(machine, { type: "refused", id: machine.outbox[0].body.id, message: "409: no." });
  assert.deepEqual(refused.machine.outbox.map(({ body }) => body.id), ["m"]);
  assert.deepEqual(doing(refused.effects, "send").map(({ entry }) => entry.body.id), ["m"]);
  // What was refused is not shown as given for as long as the memo waits.
  const shown = run(refused.machine, { type: "loaded", screen: screenOf(3) }).machine;
  assert.deepEqual(shown.screen.state.given, []);
});

test("what was decided after something refused, on another excerpt, is kept", () => {
  const start = run(begin(screenOf(3, { upcoming: [4] })), { type: "ahead", screen: screenOf(4) }).machine;
  const { machine } = run(start, press("done"), painted, press("toggle", 1));
  const refused = run(machine, { type: "refused", id: machine.outbox[0].body.id, message: "409: no." });
  assert.deepEqual(refused.machine.outbox.map(({ body }) => body.excerpt_id), [4]);
  assert.deepEqual(doing(refused.effects, "load"), [{ do: "load", excerptId: 3 }]);
});

test("own codes first: the same excerpt comes back with what is suggested", () => {
  const start = begin(screenOf(3, { groups: [], is_committing: true }));
  const { machine } = run(start, press("done"));
  const again = screenOf(3, { state: { ...open, is_done: false } });
  const shown = run(machine, answer(machine, { next_id: 3, next: again }), painted).machine;
  assert.equal(shown.screen.groups.length, 1);
  assert.deepEqual(sentVerdicts(run(shown, press("done")).machine), [["pass_over", "pass_over", "done"]]);
});

test("boundaries move by words and by sentences, and codes go with them", () => {
  const moved = run(begin(screenOf(3)), press("toggle", 1), press("end_earlier"), press("start_later_sentence")).machine;
  assert.deepEqual(moved.screen.state.bounds, { start_char: 12, end_char: WORDS.length - 6 });
  assert.deepEqual(sentVerdicts(moved), [["accept"], ["bound"], ["bound"]]);
  assert.deepEqual(moved.screen.state.given, ["G1"]);
});

test("split cuts between sentences; each part takes its own codes, and they are told apart", () => {
  const { machine } = run(begin(screenOf(3)), press("split"), press("toggle", 1), press("split"), press("toggle", 2), press("split"));
  const [one, two] = machine.outbox.map(({ body }) => body.verdicts[0]);
  assert.deepEqual([WORDS.slice(one.start_char, one.end_char), WORDS.slice(two.start_char, two.end_char)],
    ["He came in. He sat down and wept.", "Then he left."]);
  assert.equal(machine.part, null);
  assert.equal(machine.screen.state.passages.length, 2);
  const again = run(machine, press("split"), press("toggle", 1)).machine;
  assert.equal(again.outbox.at(-1).body.verdicts[0].verdict, "remove");
  assert.deepEqual(again.screen.state.given, ["G2"]);
});

test("a code of one part is not given in the other, and one of the whole is in both", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 2), press("split"), press("toggle", 1));
  const [first, second] = machine.part.halves;
  const { state } = machine.screen;
  assert.deepEqual(["G1", "G2"].map((guid) => standingAt(state, guid, first)), ["given", "given"]);
  assert.deepEqual(["G1", "G2"].map((guid) => standingAt(state, guid, second)), ["open", "given"]);
  assert.deepEqual(["G1", "G2"].map((guid) => standingAt(state, guid, null)), ["given", "given"]);
});

test("in the second part a digit gives what the first part has, and takes nothing from it", () => {
  const { machine } = run(begin(screenOf(3)), press("split"), press("toggle", 1), press("split"), press("toggle", 1));
  assert.deepEqual(sentVerdicts(machine), [["accept"], ["accept"]]);
  assert.equal(machine.screen.state.passages.length, 2);
});

test("what the whole excerpt or another part has is neither taken back nor rejected from a part", () => {
  const whole = run(begin(screenOf(3)), press("toggle", 1), press("split"), press("toggle", 1), press("reject", 1));
  assert.deepEqual(sentVerdicts(whole.machine), [["accept"]]);
  assert.match(doing(whole.effects, "say").at(-2).text, /whole excerpt has this code/);
  const picked = run(whole.machine, { type: "pick", id: "w", guid: "G1", name: "T", colour: null });
  assert.equal(picked.machine.outbox.length, 1);
  const part = run(begin(screenOf(3)), press("split"), press("toggle", 1), press("split"), press("reject", 1));
  assert.deepEqual(sentVerdicts(part.machine), [["accept"]]);
  assert.match(doing(part.effects, "say").at(-1).text, /until the whole excerpt is in hand, then reject it/);
});

const NEXT = { excerpt_id: 4, start_char: 60, text: "And then? He stayed away." };
const beforeNext = (more = {}) => screenOf(3, { turns: [{ parts: [{ excerpt_id: 3, start_char: 0, text: WORDS }, NEXT] }], ...more });

test("parted again, both excerpts have the boundaries that they had before they were joined", () => {
  const marks = { 4: { ...NOTHING, bounds: { start_char: 60, end_char: 69 } } };
  const moved = run(begin(beforeNext({ marks })), press("end_earlier"), press("start_later")).machine;
  const own = moved.screen.state.bounds;
  const joined = run(moved, press("join")).machine;
  assert.deepEqual(joined.screen.state.bounds, { start_char: own.start_char, end_char: 69 });
  const parted = run(joined, press("join")).machine;
  assert.deepEqual(parted.screen.state.bounds, own);
  assert.deepEqual(parted.screen.marks[4].bounds, { start_char: 60, end_char: 69 });
  const again = run(parted, press("join"), press("join")).machine;
  assert.deepEqual(again.screen.state.bounds, own);
});

test("parting goes by what the server tells of earlier boundaries, and keeps a beginning moved since", () => {
  const state = { ...NOTHING, bounds: { start_char: 3, end_char: 85 }, earlier: [{ start_char: 0, end_char: 40 }, { start_char: 0, end_char: 85 }] };
  const parted = run(begin(beforeNext({ state })), press("join")).machine;
  assert.deepEqual(parted.screen.state.bounds, { start_char: 3, end_char: 40 });
});

test("undo of a parting that was not answered joins them again, with the boundaries before", () => {
  const moved = run(begin(beforeNext()), press("end_earlier"), press("join")).machine;
  const back = run(moved, press("join"), press("undo"), press("join")).machine;
  assert.deepEqual(back.screen.state.bounds, { start_char: 0, end_char: WORDS.length - 6 });
});

test("split parts what was joined where the two excerpts meet", () => {
  const { machine } = run(begin(beforeNext()), press("end_earlier"), press("join"), press("split"), press("toggle", 1), press("split"), press("toggle", 2));
  const [one, two] = machine.outbox.slice(2).map(({ body }) => body.verdicts[0]);
  assert.deepEqual([one.start_char, one.end_char, two.start_char, two.end_char], [0, WORDS.length - 6, 60, 85]);
});

test("a code for the interviewer's words is stored, and the page says that it is not counted", () => {
  const turns = [{ is_question: true, parts: [{ excerpt_id: null, start_char: 60, text: "And then?" }] }, { is_question: false, parts: [{ excerpt_id: 3, start_char: 0, text: WORDS }] }];
  const pick = (start_char, end_char) => ({ type: "pick", id: `p${start_char}`, guid: "X", name: "X", colour: null, span: { start_char, end_char } });
  const asked = run(begin(screenOf(3, { turns })), pick(60, 63));
  assert.deepEqual(sentVerdicts(asked.machine), [["add"]]);
  assert.match(doing(asked.effects, "say").at(-1).text, /interviewer's words: the code is kept, but is not counted/);
  assert.equal(doing(run(begin(screenOf(3, { turns })), pick(0, 3)).effects, "say").at(-1).text, "");
});

test("a name that was looked for and not found goes with the words into the dialog for a new code", () => {
  const span = { start_char: 0, end_char: 2 };
  const { effects, machine } = run(begin(screenOf(3)), { ...press("propose"), name: "Hope", span });
  assert.deepEqual(doing(effects, "openProposal"), [{ do: "openProposal", name: "Hope", span }]);
  assert.equal(machine.phase, ASIDE);
});

test("join reaches to the end of the next excerpt, and once more parts them", () => {
  const turns = [{ parts: [{ excerpt_id: 3, start_char: 0, text: WORDS }, { excerpt_id: 4, start_char: 60, text: "And then?" }] }];
  const joined = run(begin(screenOf(3, { turns })), press("join")).machine;
  assert.deepEqual(joined.screen.state.bounds, { start_char: 0, end_char: 69 });
  assert.deepEqual(run(joined, press("join")).machine.screen.state.bounds, { start_char: 0, end_char: WORDS.length });
});

test("selected words of another excerpt are coded there, and painted as the server answers", () => {
  const pick = { type: "pick", id: "p", guid: "X", name: "X", colour: null, excerptId: 8, span: { start_char: 70, end_char: 75 } };
  const { machine } = run(begin(screenOf(3)), pick);
  assert.equal(machine.outbox[0].body.excerpt_id, 8);
  assert.deepEqual(machine.screen.state, open);
});

test("a memo is written in turn, and never kept by the browser", () => {
  const write = { type: "write", kind: "memo", memo: "Look again.", body: { id: "m", excerpt_id: 3, text: "Look again." } };
  const { machine } = run(begin(screenOf(3)), press("toggle", 1), write);
  assert.equal(machine.screen.state.memo, "Look again.");
  assert.deepEqual(machine.outbox.map(({ kind }) => kind), ["action", "memo"]);
});

test("a new code that is refused leaves the dialog open with the reason", () => {
  const write = { type: "write", kind: "propose", body: { id: "m", excerpt_id: 3, name: "Trust", memo: "" } };
  const { machine } = run(begin(screenOf(3)), write);
  const { effects } = run(machine, { type: "refused", id: "m", message: "There is such a code." });
  assert.deepEqual(doing(effects, "proposed"), [{ do: "proposed", message: "There is such a code." }]);
  assert.deepEqual(doing(effects, "load"), []);
});

test("after signing out what was decided is kept, and the page says how to go on", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1));
  const { effects } = run(machine, { type: "unsaved", trouble: "signedOut" });
  assert.match(doing(effects, "saving")[0].text, /sign in again in another tab/);
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
    type: "saved", id: machine.outbox[0].body.id, result: { excerpt_id: 2, verdict: "done" },
  });
  assert.deepEqual(doing(effects, "load"), [{ do: "load", excerptId: 2 }]);
  assert.match(doing(effects, "say").at(-1).text, /^Undone: done/);
});

test("undo with nothing left stays where it is", () => {
  const { machine } = run(begin(screenOf(3)), press("undo"));
  const after = run(machine, { type: "saved", id: machine.outbox[0].body.id, result: { excerpt_id: null } });
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
  assert.deepEqual(machine.screen.state, screenOf(4).state);
  assert.equal(machine.screen.excerpt_id, 4);
});

test("an answer to something that was dropped is ignored", () => {
  const { effects } = run(begin(screenOf(3)), { type: "saved", id: "old", result: {} });
  assert.deepEqual(effects, []);
});

test("what the server refuses is taken from the screen and said", () => {
  const { machine } = run(begin(screenOf(3)), press("toggle", 1), press("toggle", 2));
  const refused = run(machine, { type: "refused", id: machine.outbox[0].body.id, message: "409: no." });
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
  const back = applyVerdicts(open, verdicts.slice(0, 4));
  assert.deepEqual([back.given, back.rejected, back.passed_over], [[], [], []]);
  assert.equal(applyVerdicts({ ...open, is_unsure: true }, [{ verdict: "done" }]).is_unsure, false);
});
