// The two dialogs in which a coder writes: a memo on the excerpt, a new code for the lead to decide on.

import { make } from "./dom.js";
import { t } from "./say.js";

export function openMemo(dialog, { memo, onSave }) {
  const field = make("textarea", { rows: "6", maxlength: "20000", "aria-labelledby": "writing-title" });
  field.value = memo;
  const form = makeForm(dialog, t("Memo on this excerpt"), [field], t("Keep"));
  form.addEventListener("submit", () => {
    dialog.close();
    if (field.value.trim() !== memo) onSave(field.value.trim());
  });
  dialog.showModal();
  field.focus();
}

// Stays open until the server has taken the code in: the words are nowhere else.
// typed: what was looked for and not found; uncounted: why the words count for no excerpt.
export function openProposal(dialog, { words, typed = "", uncounted = "", onSave }) {
  const name = make("input", { type: "text", maxlength: "300", required: true, autocomplete: "off", spellcheck: "true" });
  name.value = typed;
  const memo = make("textarea", { rows: "4", maxlength: "20000" });
  const answer = make("p", { class: "answer wrong", role: "alert" });
  const form = makeForm(dialog, t("A new code from this passage"), [
    words ? make("blockquote", {}, words) : null,
    uncounted ? make("p", { class: "hint" }, uncounted) : null,
    make("label", {}, t("Name"), name),
    make("label", {}, t("What it means, and why"), memo),
    make("p", { class: "hint" }, t("You can use it at once. The lead decides whether it comes into the codebook.")),
    answer,
  ].filter(Boolean), t("Make the code"));
  form.addEventListener("submit", () => {
    if (!name.value.trim()) return;
    answer.textContent = t("Saving…");
    onSave({ name: name.value.trim(), memo: memo.value.trim() });
  });
  dialog.showModal();
  name.focus();
}

// message: why it was not taken in; null where it was.
export function answerProposal(dialog, message) {
  const answer = dialog.querySelector(".answer");
  if (message === null || !answer) dialog.close();
  else answer.textContent = message;
}

function makeForm(dialog, title, fields, label) {
  const cancel = make("button", { type: "button", class: "plain" }, t("Cancel"));
  const form = make("form", { method: "dialog" }, make("h2", { id: "writing-title" }, title), ...fields,
    make("p", { class: "acts" }, make("button", { type: "submit", class: "main" }, label), cancel));
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => event.preventDefault());
  // In a text of several lines Enter begins a line; with Ctrl it sends.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    // The Enter that opened the dialog, still held, sends nothing.
    if (event.key === "Enter" && event.repeat && event.target.matches("input")) event.preventDefault();
  });
  dialog.replaceChildren(form);
  return form;
}
