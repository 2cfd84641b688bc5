// Sends what the lead decides on a provisional code, and shows the code as it stands then.

import { make } from "./dom.js";
import { followName, readForm } from "./new_code.js";
import { post } from "./post.js";
import { t } from "./say.js";

const SAID = {
  accept: (version) => t("Accepted: the codebook is now version {version}.", { version }),
  merge: (version) => t("Merged: the codebook is now version {version}.", { version }),
  decline: () => t("Declined."),
  restore: () => t("It is provisional again."),
};

// The answer's place stays where it is: what is said in a new one may not be read out.
function showAnew(section, card) {
  const fresh = document.importNode(new DOMParser().parseFromString(card, "text/html").querySelector(".proposal"), true);
  const answer = section.querySelector(".answer");
  section.className = fresh.className;
  for (const child of [...section.children]) if (child !== answer) child.remove();
  answer.before(...[...fresh.children].filter((child) => !child.matches(".answer")));
  listen(section);
  section.querySelector("h2").focus();
}

// What one was accepted as, the others can be merged into.
function offerCodes(codes) {
  for (const select of document.querySelectorAll("select[name=into]")) {
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...codes.map(([name, guid]) => make("option", { value: guid }, name)));
    select.value = chosen;
  }
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const section = form.closest(".proposal");
  const answer = section.querySelector(".answer");
  const button = form.querySelector("button");
  button.disabled = true;
  const { found, error, isLate } = await post(`/api/proposed-codes/${form.dataset.to}`, { guid: section.dataset.guid, ...readForm(form) });
  button.disabled = false;
  answer.classList.toggle("wrong", !found);
  if (!found) {
    answer.textContent = isLate ? t("The study cannot be reached. Reload the page to see what is stored.") : error;
    return;
  }
  showAnew(section, found.card);
  offerCodes(found.codes);
  answer.textContent = SAID[form.dataset.to](found.version);
}

function listen(place) {
  for (const form of place.querySelectorAll("form[data-to]")) {
    form.addEventListener("submit", submit);
    if (form.dataset.to === "accept") followName(form);
  }
}

listen(document);
