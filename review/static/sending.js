// Sends one thing until the server has it; every one has an id, so sending it again does no harm.

import { isOfOther, post, renew } from "./post.js";
import { t } from "./say.js";

const MOST_CRASHES = 6;
const WAITS = [300, 1000, 2000, 5000];

export function createSender() {
  let tries = 0;
  // Something that breaks the server each time must not keep all that follows from being stored.
  let crashes = 0;

  // Gives { found }, or { error, status } where it is refused, or { trouble } where it is to be sent again.
  async function attempt(address, body) {
    const answer = await post(address, body);
    crashes = answer.isCrash ? crashes + 1 : 0;
    if (crashes >= MOST_CRASHES) {
      crashes = 0;
      return { error: t("The study cannot store this one; the log says more.") };
    }
    if (answer.isLate) return { trouble: "offline" };
    if (isOfOther(answer)) return { trouble: await renew() };
    tries = 0;
    return answer;
  }

  // The longer it lasts, the less often.
  function pause() {
    const wait = WAITS[Math.min(tries, WAITS.length - 1)];
    tries += 1;
    return new Promise((done) => setTimeout(done, wait));
  }

  // onTrouble is told why it is not stored yet, each time.
  async function sendUntilAnswered(address, body, onTrouble) {
    for (;;) {
      const answer = await attempt(address, body);
      if (!answer.trouble) return answer;
      onTrouble(answer.trouble);
      await pause();
    }
  }

  return { attempt, pause, sendUntilAnswered, arrived: () => { tries = 0; } };
}
