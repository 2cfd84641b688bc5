// Asks the server and sends it what was decided; with the page's token, and nothing kept by the browser.

const told = (name) => globalThis.document?.querySelector(`meta[name="${name}"]`)?.content ?? "";
let token = told("csrf-token");
// Whose page this is: whoever signs in beside it is refused, and is not shown it.
const reader = told("reader");

export const post = (address, body) => ask(address, {
  method: "POST", body: JSON.stringify(body),
  headers: { ...whose(), "Content-Type": "application/json", "X-CSRF-Token": token },
});
export const get = (address) => ask(address, { headers: whose() });

function whose() {
  return reader ? { "X-Themeloop-Reader": reader } : {};
}

// Whether the one who would be answered is not, or not any more, the reader of this page.
export function isOfOther({ status, code }) {
  return status === 401 || code === "other_reader";
}

// Goes on with a new token if the reader has signed in again, in another tab; else says what is in the way.
export async function renew() {
  const { found, isLate } = await ask("/api/session");
  if (isLate) return "offline";
  if (!found) return "signedOut";
  if (found.coder !== reader) return "other";
  token = found.csrf;
  return "offline";
}

// Busy and unreachable are late; whatever else is wrong stays wrong however often it is sent.
async function ask(address, options = {}) {
  try {
    const response = await fetch(address, { cache: "no-store", ...options });
    if (response.status >= 500 || response.status === 429) return { isLate: true, isCrash: response.status === 500 };
    const found = await response.json();
    return response.ok ? { found } : { error: found.error, status: response.status, code: found.code };
  } catch {
    return { isLate: true };
  }
}
