// A note with its earlier wordings: on the study, a code or a participant.

import { make } from "./dom.js";
import { send } from "./deciding.js";
import { t } from "./say.js";

// about: what the server knows the note by; note: what stands.
export function buildNote({ title, about, note }) {
  const place = make("section", { class: "note-box", "aria-label": title });
  const status = make("span", { class: "status", role: "status" });

  function show(shown) {
    const change = button(shown.text ? t("Change the note") : t("Write a note"), () => edit(shown));
    place.replaceChildren(
      make("h3", {}, title),
      shown.text ? make("p", { class: "note-text" }, shown.text) : "",
      make("p", { class: "actions" }, change, status),
      listWordings(t("Earlier wordings ({n})", { n: shown.earlier.length }), shown.earlier, false),
      listWordings(t("Notes of others ({n})", { n: shown.others.length }), shown.others, true),
    );
    return change;
  }
  function edit(shown) {
    status.textContent = "";
    editText({
      place, title, text: shown.text,
      onSave: async (text, saying) => {
        const { found } = await send("/api/notes", () => ({ ...about, text }), saying);
        if (!found) return;
        show(found).focus();
        status.textContent = t("Saved");
      },
      onClose: () => show(shown).focus(),
    });
  }
  show(note);
  return place;
}

// A field over what stands; Esc leaves it as it was, Ctrl and Enter saves.
export function editText({ place, title, text, onSave, onClose }) {
  const field = make("textarea", { rows: "4", maxlength: "20000", "aria-label": title });
  const status = make("span", { class: "status", role: "status" });
  field.value = text;
  const save = () => onSave(field.value, status);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") onClose();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  });
  place.replaceChildren(make("h3", {}, title), field,
    make("p", { class: "actions" }, button(t("Save"), save), button(t("Cancel"), onClose), status));
  field.focus();
}

export function button(says, onClick, attributes = {}) {
  const made = make("button", { type: "button", class: "plain", ...attributes }, says);
  made.addEventListener("click", onClick);
  return made;
}

function listWordings(says, wordings, isOthers) {
  if (!wordings.length) return "";
  const lines = wordings.map(({ coder, text, day }) => make("li", {},
    make("p", { class: "when" }, isOthers ? `${coder} · ${day}` : day), make("p", { class: "note-text" }, text)));
  return make("details", {}, make("summary", {}, says), make("ul", {}, ...lines));
}
