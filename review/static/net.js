// Sends what was decided and fetches what comes next, and tells the machine what came of it.

import { get, isOfOther } from "./post.js";
import { createSender } from "./sending.js";

const ADDRESS = { action: "/api/actions", undo: "/api/undo", memo: "/api/memos", propose: "/api/proposed-codes" };

export function createNet(dispatch) {
  const sender = createSender();
  const later = (task) => sender.pause().then(task);

  async function send({ kind, body }) {
    const { found, error, trouble } = await sender.attempt(ADDRESS[kind], body);
    if (trouble) return dispatch({ type: "unsaved", trouble });
    return dispatch(error ? { type: "refused", id: body.id, message: error } : { type: "saved", id: body.id, result: found });
  }

  async function load(excerptId) {
    const answer = await get(`/api/excerpts/${excerptId}`);
    if (answer.isLate || isOfOther(answer)) return dispatch({ type: "unloaded", excerptId });
    sender.arrived();
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
