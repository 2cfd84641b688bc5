// Who speaks, in the reader's language; the catalogue here is invented.

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { documentElement: { lang: "nl", dataset: { catalogue: JSON.stringify({ participant: "deelnemer", note: "notitie" }) } } };
const { sayRole } = await import("../../review/static/transcript.js");

test("roles are said in the reader's language, the second of a kind with its number", () => {
  assert.deepEqual(["participant", "participant 2", "note"].map(sayRole), ["deelnemer", "deelnemer 2", "notitie"]);
});

test("a name that a team gave is left as it is", () => {
  const named = ["Participant", "mother", "constructor", "P 7", ""];
  assert.deepEqual(named.map(sayRole), named);
});
