// What a browser keeps of decisions that have not arrived: ids, for whom they are, and no words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { openOutbox } from "../../review/static/outbox.js";

function storage() {
  const kept = new Map();
  return {
    kept, getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text), removeItem: (name) => kept.delete(name),
  };
}
const action = (id) => ({ kind: "action", body: { id, excerpt_id: 3, verdicts: [{ verdict: "done" }] }, before: { turns: ["words"] } });

test("what is kept is found again, without a screen", () => {
  const place = storage();
  openOutbox("anna", place).keep([action("a"), { kind: "undo", body: { id: "u" }, before: null }]);
  const found = openOutbox("anna", place).read();
  assert.deepEqual(found.map(({ body, before }) => [body.id, before]), [["a", null], ["u", null]]);
  assert.doesNotMatch([...place.kept.values()].join(), /words/);
});

test("memos and new codes are words and are never kept", () => {
  const place = storage();
  openOutbox("anna", place).keep([{ kind: "memo", body: { id: "m", text: "Secret" } }, { kind: "propose", body: { id: "p", name: "Secret" } }]);
  assert.deepEqual([...place.kept.keys()], []);
});

test("what was found and has been sent is kept no longer", () => {
  const place = storage();
  openOutbox("anna", place).keep([action("a")]);
  const later = openOutbox("anna", place);
  later.read();
  later.keep([]);
  assert.deepEqual([...place.kept.keys()], []);
});

test("what would take back a memo that is not kept is not kept either", () => {
  const place = storage();
  openOutbox("anna", place).keep([{ kind: "memo", body: { id: "m" } }, { kind: "undo", body: { id: "u", action: "m" } }]);
  assert.deepEqual([...place.kept.keys()], []);
});

test("another coder in the same browser finds nothing", () => {
  const place = storage();
  openOutbox("anna", place).keep([action("a")]);
  assert.deepEqual(openOutbox("bram", place).read(), []);
});

test("two tabs keep beside each other, and each takes away its own", () => {
  const place = storage();
  const [one, two] = [openOutbox("anna", place), openOutbox("anna", place)];
  one.keep([action("a")]);
  two.keep([action("b")]);
  one.keep([]);
  assert.deepEqual(openOutbox("anna", place).read().map(({ body }) => body.id), ["b"]);
});

test("what is kept but cannot be read, and a browser that keeps nothing, stop nobody", () => {
  const broken = { getItem: () => "{", setItem() { throw new Error("full"); }, removeItem() { throw new Error("no"); } };
  const outbox = openOutbox("anna", broken);
  assert.deepEqual(outbox.read(), []);
  outbox.keep([action("a")]);
  outbox.keep([]);
});
