// Decides on pages that list words: sends until the server has it, and offers undo as long as it holds.

import { make } from "./dom.js";
import { t } from "./say.js";
import { createSender } from "./sending.js";

const steps = [];
const sender = createSender();
let n_open = 0;
let line = Promise.resolve();

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
  const answer = await sender.sendUntilAnswered(address, body, (trouble) => {
    status.textContent = sayTrouble(trouble);
    status.classList.add("wrong");
  });
  status.textContent = answer.error ?? t("Saved");
  status.classList.toggle("wrong", Boolean(answer.error));
  return answer;
}

function sayTrouble(trouble) {
  const lines = {
    offline: t("Not saved yet: the study cannot be reached. It is tried again."),
    signedOut: t("Not saved yet: you are signed out. Sign in again in another tab; it is then stored."),
    other: t("Not saved yet: somebody else is signed in here now. It is stored once you are again."),
  };
  return lines[trouble];
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
