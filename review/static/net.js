// Talks to the server: every save has an id, so sending it again does no harm.

const HEADERS = { "Content-Type": "application/json", "X-Themeloop": "1" };
const WAITS = [300, 1000, 2000, 5000];
const ADDRESS = { action: "/api/actions", undo: "/api/undo" };

export function createNet(dispatch) {
  let tries = 0;
  const later = (task) => {
    setTimeout(task, WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  };

  async function send({ kind, id, body }) {
    const answer = await ask(ADDRESS[kind], { method: "POST", headers: HEADERS, body: JSON.stringify(body) });
    if (answer.isLate) return dispatch({ type: "unsaved", id });
    tries = 0;
    return dispatch(answer.error
      ? { type: "refused", id, message: answer.error } : { type: "saved", id, result: answer.found });
  }

  async function load(excerptId) {
    const answer = await ask(`/api/excerpts/${excerptId}`);
    if (answer.isLate) return dispatch({ type: "unloaded", excerptId });
    tries = 0;
    return dispatch(answer.error
      ? { type: "missing", message: answer.error } : { type: "loaded", screen: answer.found });
  }

  return {
    send,
    load,
    resend: (entry) => later(() => { if (entry()) send(entry()); }),
    loadLater: (excerptId) => later(() => load(excerptId)),
    read: async (address) => (await ask(address)).found ?? null,
  };
}

// Busy and unreachable are late; whatever else is wrong stays wrong however often it is sent.
async function ask(address, options = {}) {
  try {
    const response = await fetch(address, { cache: "no-store", ...options });
    if (response.status >= 500) return { isLate: true };
    const found = await response.json();
    return response.ok ? { found } : { error: found.error };
  } catch {
    return { isLate: true };
  }
}
