// Sends what was decided and fetches what comes next; every save has an id, so sending it again does no harm.

import { get, post, renew } from "./post.js";
import { t } from "./say.js";

const MOST_CRASHES = 6;
const WAITS = [300, 1000, 2000, 5000];
const ADDRESS = { action: "/api/actions", undo: "/api/undo", memo: "/api/memos", propose: "/api/proposed-codes" };

// owner: who decided; whoever else has signed in meanwhile is not sent in their place.
export function createNet(dispatch, owner) {
  let tries = 0;
  // Something that breaks the server each time must not keep all that follows from being stored.
  let crashes = 0;
  const later = (task) => {
    setTimeout(task, WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  };

  async function send({ kind, body }) {
    const answer = await post(ADDRESS[kind], body);
    crashes = answer.isCrash ? crashes + 1 : 0;
    if (crashes >= MOST_CRASHES) {
      crashes = 0;
      return dispatch({ type: "refused", id: body.id, message: t("The study cannot store this one; the log says more.") });
    }
    if (answer.isLate) return dispatch({ type: "unsaved", trouble: "offline" });
    if (answer.status === 401 || answer.isForeign) return dispatch({ type: "unsaved", trouble: await findTrouble() });
    tries = 0;
    return dispatch(answer.error
      ? { type: "refused", id: body.id, message: answer.error } : { type: "saved", id: body.id, result: answer.found });
  }

  // After signing in again in another tab the page's token is another one.
  async function findTrouble() {
    const who = await renew();
    if (!who) return "signedOut";
    return who === owner ? "offline" : "other";
  }

  async function load(excerptId) {
    const answer = await get(`/api/excerpts/${excerptId}`);
    const isElsewhere = answer.status === 401 || answer.isForeign;
    if (answer.isLate || isElsewhere) return dispatch({ type: "unloaded", excerptId });
    tries = 0;
    return dispatch(answer.error
      ? { type: "missing", message: answer.error } : { type: "loaded", screen: answer.found });
  }

  // What comes next, while there is time; a failure is met again when it is wanted.
  async function loadAhead(ids) {
    for (const id of ids) {
      const { found } = await get(`/api/excerpts/${id}`);
      if (!found) return;
      dispatch({ type: "ahead", screen: found });
    }
  }

  return {
    send,
    load,
    loadAhead,
    resend: (entry) => later(() => { if (entry()) send(entry()); }),
    loadLater: (excerptId) => later(() => load(excerptId)),
  };
}
