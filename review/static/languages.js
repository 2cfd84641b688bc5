// Changes the language of the page to the one that is pressed; the server remembers which.

import { post } from "./post.js";

async function choose({ currentTarget: button }) {
  if (button.getAttribute("aria-pressed") === "true") return;
  const { found } = await post("/api/language", { language: button.dataset.language });
  if (found) window.location.reload();
}

for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", choose);
