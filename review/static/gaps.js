// Sends what a person calls a group, so that a code is made of it.

const HEADERS = { "Content-Type": "application/json", "X-Themeloop": "1" };
const LATE = "The study cannot be reached. Nothing was added; try again.";

async function send(form) {
  const { key, name, definition } = Object.fromEntries(new FormData(form));
  const body = JSON.stringify({ gap_id: form.dataset.gap, key, name, definition });
  try {
    const response = await fetch("/api/gaps", { method: "POST", headers: HEADERS, body });
    return { isMade: response.ok, ...await response.json() };
  } catch {
    return { isMade: false, error: LATE };
  }
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  const place = form.querySelector(".answer");
  button.disabled = true;
  const answer = await send(form);
  place.classList.toggle("wrong", !answer.isMade);
  place.textContent = answer.isMade
    ? `Added as “${answer.key}”: the codebook is now version ${answer.version}. It is proposed after the next run.`
    : answer.error;
  // Once is enough: a second code of the same group would be another question.
  button.disabled = answer.isMade;
}

for (const form of document.querySelectorAll(".new-code")) form.addEventListener("submit", submit);
