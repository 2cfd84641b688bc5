// The codes that can be given, fetched once a page.

import { get } from "./post.js";

let codes = null;

// null: the study could not be reached; the next who asks tries again.
export async function readCodes() {
  codes ??= (await get("/api/codebook")).found ?? null;
  return codes;
}

export const knownCodes = () => codes ?? [];

// After a code of one's own was made.
export function forgetCodes() {
  codes = null;
}
