// Sending until the server has it: who is waited for, and what is given up; every word is made up.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const METAS = { "csrf-token": "first", reader: "anna" };
globalThis.document = {
  documentElement: { lang: "en", dataset: {} },
  querySelector: (asked) => ({ content: METAS[/name="([\w-]+)"/.exec(asked)?.[1]] }),
};
// Nobody waits in a test.
globalThis.setTimeout = (task) => queueMicrotask(task);
const { createSender } = await import("../../review/static/sending.js");

const answered = (status, body) => ({ ok: status < 400, status, json: async () => body });
const STORED = answered(200, { is_new: true });
const BUSY = answered(503, {});
const CRASH = answered(500, {});
const SIGNED_OUT = answered(401, { error: "401: niet aangemeld", code: "unauthorized" });
const OTHER = answered(403, { error: "403: een zin zonder dat ene woord", code: "other_reader" });
const session = (coder) => answered(200, { coder, csrf: `token of ${coder}` });

let asked = [];
let answers = [];

globalThis.fetch = async (address, { method = "GET", headers = {} }) => {
  asked.push([method, address, headers["X-CSRF-Token"]]);
  const answer = answers.shift();
  if (!answer) throw new TypeError("nothing answers");
  return answer;
};

beforeEach(() => { asked = []; answers = []; });

async function send(...coming) {
  answers = coming;
  const troubles = [];
  const answer = await createSender().sendUntilAnswered("/api/actions", { id: "a" }, (trouble) => troubles.push(trouble));
  return { answer, troubles };
}

test("what is late is sent until it is stored", async () => {
  const { answer, troubles } = await send(BUSY, answered(429, {}), undefined, STORED);
  assert.deepEqual(troubles, ["offline", "offline", "offline"]);
  assert.deepEqual(answer, { found: { is_new: true } });
  assert.equal(asked.length, 4);
});

test("what is refused is refused once, with its status", async () => {
  const { answer, troubles } = await send(answered(409, { error: "409: changed", code: "conflict" }));
  assert.deepEqual([answer.error, answer.status, troubles], ["409: changed", 409, []]);
});

test("who is signed out is waited for, and goes on with the token of the new sign-in", async () => {
  const { answer, troubles } = await send(SIGNED_OUT, SIGNED_OUT, OTHER, session("anna"), STORED);
  assert.deepEqual(troubles, ["signedOut", "offline"]);
  assert.ok(answer.found);
  assert.deepEqual(asked.at(-1), ["POST", "/api/actions", "token of anna"]);
});

test("somebody else is told by a code, not by a sentence, and nothing is sent in their place", async () => {
  const before = asked.length;
  const { answer, troubles } = await send(OTHER, session("bram"), OTHER, session("anna"), STORED);
  assert.deepEqual(troubles, ["other", "offline"]);
  assert.ok(answer.found);
  assert.ok(asked.slice(before).every(([, , token]) => token !== "token of bram"));
});

test("whether anybody is signed in is not known where nothing answers", async () => {
  const { troubles } = await send(SIGNED_OUT, undefined, STORED);
  assert.deepEqual(troubles, ["offline"]);
});

test("another refusal is none of another reader, whatever it says", async () => {
  const { answer } = await send(answered(403, { error: "403: only a lead; the token is right", code: "forbidden" }));
  assert.equal(answer.status, 403);
});

test("what breaks the server six times in a row is given up", async () => {
  const { answer, troubles } = await send(...Array(6).fill(CRASH));
  assert.match(answer.error, /cannot store this one/);
  assert.equal(troubles.length, 5);
});

test("crashes with something else between them are not counted together", async () => {
  const { answer } = await send(...Array(5).fill(CRASH), BUSY, ...Array(5).fill(CRASH), STORED);
  assert.ok(answer.found);
});
