// Asks the server and sends it what was decided; with the page's token, and nothing kept by the browser.

let token = globalThis.document?.querySelector('meta[name="csrf-token"]')?.content ?? "";

export const post = (address, body) => ask(address, {
  method: "POST", body: JSON.stringify(body),
  headers: { "Content-Type": "application/json", "X-CSRF-Token": token, "X-Themeloop": "1" },
});
export const get = (address) => ask(address);

// Says who is signed in now, if anybody is, and goes on with their token.
export async function renew() {
  const { found } = await ask("/api/session");
  if (found) token = found.csrf;
  return found?.coder ?? null;
}

// Busy and unreachable are late; whatever else is wrong stays wrong however often it is sent.
async function ask(address, options = {}) {
  try {
    const response = await fetch(address, { cache: "no-store", ...options });
    if (response.status >= 500 || response.status === 429) return { isLate: true };
    const found = await response.json();
    if (response.ok) return { found };
    return { error: found.error, status: response.status, isForeign: response.status === 403 && found.error.includes("token") };
  } catch {
    return { isLate: true };
  }
}
