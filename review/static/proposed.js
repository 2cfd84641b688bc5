// Sends what the lead decides on a provisional code.

import { make } from "./dom.js";
import { post } from "./post.js";
import { t } from "./say.js";

const SAID = {
  accept: (version) => t("Accepted: the codebook is now version {version}.", { version }),
  merge: (version) => t("Merged: the codebook is now version {version}.", { version }),
  decline: () => t("Declined."),
  restore: () => t("It is provisional again."),
};

function bodyOf(form) {
  const { guid } = form.closest(".proposal").dataset;
  const filled = Object.entries(Object.fromEntries(new FormData(form))).filter(([name, value]) => name !== "theme" || value);
  return { guid, ...Object.fromEntries(filled) };
}

function close(section) {
  for (const control of section.querySelectorAll("button, input, textarea, select")) control.disabled = true;
  for (const details of section.querySelectorAll("details")) details.open = false;
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const section = form.closest(".proposal");
  const place = section.querySelector(".answer");
  const button = form.querySelector("button");
  button.disabled = true;
  const { found, error, isLate } = await post(`/api/proposed-codes/${form.dataset.to}`, bodyOf(form));
  button.disabled = false;
  place.classList.toggle("wrong", !found);
  if (!found) {
    place.textContent = isLate ? t("The study cannot be reached. Reload the page to see what is stored.") : error;
    return;
  }
  close(section);
  place.replaceChildren(SAID[form.dataset.to](found.version), " ", make("a", { href: "/proposed" }, t("Show the list anew")));
  place.querySelector("a").focus();
}

for (const form of document.querySelectorAll("form[data-to]")) form.addEventListener("submit", submit);
