// Sends what a person calls a group, so that a code is made of it.

import { make } from "./dom.js";
import { followName, readForm } from "./new_code.js";
import { post } from "./post.js";
import { t } from "./say.js";

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const section = form.closest(".gap");
  const answer = section.querySelector(".answer");
  const button = form.querySelector("button");
  button.disabled = true;
  const { found, error } = await post("/api/gaps", { gap_id: section.dataset.gap, ...readForm(form) });
  button.disabled = false;
  answer.classList.toggle("wrong", !found);
  if (!found) {
    answer.textContent = error ?? t("The study cannot be reached. Try again.");
    return;
  }
  // Once is enough: a second code of the same group would be another question.
  section.querySelector(".makes").remove();
  answer.replaceChildren(
    t("Added as “{key}”: the codebook is now version {version}. It is proposed after the next run.", found),
    " ", make("a", { href: `/codes/${found.guid}` }, t("Show the code")));
  answer.querySelector("a").focus();
}

for (const form of document.querySelectorAll("form[data-to=gap]")) {
  form.addEventListener("submit", submit);
  followName(form);
}
