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

// Says who is signed in now, if anybody is; goes on with a new token only if it is the reader's own.
export async function renew() {
  const { found } = await ask("/api/session");
  if (found && found.coder === reader) token = found.csrf;
  return found?.coder ?? null;
}

// Busy and unreachable are late; whatever else is wrong stays wrong however often it is sent.
async function ask(address, options = {}) {
  try {
    const response = await fetch(address, { cache: "no-store", ...options });
    if (response.status >= 500 || response.status === 429) return { isLate: true, isCrash: response.status === 500 };
    const found = await response.json();
    if (response.ok) return { found };
    return { error: found.error, status: response.status, isForeign: response.status === 403 && found.error.includes("token") };
  } catch {
    return { isLate: true };
  }
}
