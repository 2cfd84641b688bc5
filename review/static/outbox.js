// Keeps what has not reached the server over a closed tab: ids and places only, never a word.

const NAME = "themeloop.outbox";

// owner: whose decisions; another coder in this browser finds none of them.
export function openOutbox(owner, storage = globalThis.localStorage) {
  const place = `${NAME}.${owner}`;
  let own = new Set();

  function read() {
    try {
      const kept = JSON.parse(storage.getItem(place) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }
  function write(entries) {
    try {
      if (entries.length) storage.setItem(place, JSON.stringify(entries));
      else storage.removeItem(place);
    } catch {
      // A browser that keeps nothing still sends what it holds in memory.
    }
  }
  return {
    // What a closed tab, or one that is still open, has left; sending it twice stores it once.
    read() {
      const kept = read();
      own = new Set([...own, ...kept.map(({ body }) => body.id)]);
      return kept.map((entry) => ({ ...entry, before: null }));
    },
    // Other tabs write here, too: only what this one holds, or held, is changed.
    keep(outbox) {
      // What would take back something that is not kept is not kept either.
      const lost = new Set(outbox.filter(({ kind }) => kind === "memo" || kind === "propose").map(({ body }) => body.id));
      const isKept = ({ kind, body }) => kind === "action" || (kind === "undo" && !lost.has(body.action));
      const kept = outbox.filter(isKept).map(({ kind, body }) => ({ kind, body }));
      const ids = new Set(kept.map(({ body }) => body.id));
      const others = read().filter(({ body }) => !own.has(body.id) && !ids.has(body.id));
      own = new Set([...own, ...ids]);
      write([...others, ...kept]);
    },
  };
}
