// Sends what a person calls a group, so that a code is made of it.

import { post } from "./post.js";
import { t } from "./say.js";

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  const place = form.querySelector(".answer");
  button.disabled = true;
  const { key, name, definition } = Object.fromEntries(new FormData(form));
  const { found, error } = await post("/api/gaps", { gap_id: form.dataset.gap, key, name, definition });
  place.classList.toggle("wrong", !found);
  place.textContent = found
    ? t("Added as “{key}”: the codebook is now version {version}. It is proposed after the next run.", found)
    : error ?? t("The study cannot be reached. Try again.");
  // Once is enough: a second code of the same group would be another question.
  button.disabled = Boolean(found);
}

for (const form of document.querySelectorAll(".new-code")) form.addEventListener("submit", submit);
