// Decides on pages that list words: sends until the server has it, and offers undo as long as it holds.

import { make } from "./dom.js";
import { post } from "./post.js";
import { t } from "./say.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const steps = [];
let n_open = 0;
let line = Promise.resolve();

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

window.addEventListener("beforeunload", (event) => { if (n_open) event.preventDefault(); });

// One after the other, each until the server has answered; the same id twice is stored once.
// makeBody: gives the body when its turn has come, as what came before it may have changed it.
export function send(address, makeBody, status) {
  n_open += 1;
  status.textContent = t("Saving…");
  status.classList.remove("wrong");
  const answer = line.then(() => sendUntilAnswered(address, makeBody(), status)).finally(() => { n_open -= 1; });
  line = answer;
  return answer;
}

async function sendUntilAnswered(address, body, status) {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const answer = await post(address, body);
    if (!answer.isLate) {
      status.textContent = answer.error ?? t("Saved");
      status.classList.toggle("wrong", Boolean(answer.error));
      return answer;
    }
    status.textContent = t("Not saved yet: the study cannot be reached. It is tried again.");
    status.classList.add("wrong");
    await pause(wait);
  }
}

// place: where the button goes; action: the id of what is to be taken back; onUndone gets the undo's id.
export function offerUndo({ place, status, action, onUndone }) {
  const button = make("button", { type: "button", class: "plain" }, t("Undo"));
  const step = { button, action };
  button.addEventListener("click", () => takeBack(step, status, onUndone));
  steps.push(step);
  place.append(button);
  showLast();
}

async function takeBack(step, status, onUndone) {
  step.button.disabled = true;
  const id = crypto.randomUUID();
  const { found } = await send("/api/undo", () => ({ id, action: step.action }), status);
  step.button.disabled = false;
  if (!found) return;
  steps.splice(steps.indexOf(step), 1);
  step.button.remove();
  status.textContent = t("Undone");
  onUndone(id);
  showLast();
}

// Only what was done last can be undone.
function showLast() {
  steps.forEach(({ button }, place) => { button.hidden = place !== steps.length - 1; });
}

export function forget() {
  for (const { button } of steps.splice(0)) button.remove();
}
