// The code picker: finds codes by any part of name, key or definition, in any language.

import { chip, make } from "./dom.js";
import { t } from "./say.js";

const AT_MOST = 40;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Codes in which every word that was typed occurs; a hit in the name comes before one elsewhere.
export function findCodes(codes, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return codes
    .map((code, order) => ({ code, order, rank: rankCode(code, words) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ code }) => code);
}

function rankCode(code, words) {
  const wordings = Object.values(code.wordings);
  const names = plain([code.key, ...wordings.map((w) => w.name)].join("\n"));
  const all = `${names}\n${plain(wordings.map((w) => w.definition).join("\n"))}`;
  if (!words.every((word) => all.includes(word))) return null;
  if (words.some((word) => !names.includes(word))) return 2;
  return names.split(/[\n\s_]+/).some((name) => words.length && name.startsWith(words[0])) ? 0 : 1;
}

export function wordingOf(code, language) {
  return code.wordings[language] ?? Object.values(code.wordings)[0];
}

// codes: a promise; what is typed before they come waits for them. onNone: they did not come.
// note: what is to be known before one is given. onNew(typed): makes a code of what was not found.
export function openPicker(dialog, { codes: coming, language, given, title = t("Find a code"), note = "", onPick, onNone, onNew }) {
  let codes = null;
  let isChosen = false;
  let found = [];
  let at = 0;
  const list = make("ul", { id: "picker-list", role: "listbox", "aria-label": t("Codes") });
  const field = make("input", {
    type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "picker-list",
    "aria-label": t("Find a code by any part of its name or definition"), autocomplete: "off",
    spellcheck: "false", placeholder: t("Find a code…"),
  });
  const count = make("p", { class: "count", role: "status" });

  function show() {
    if (!codes) {
      count.textContent = t("Fetching the codes…");
      return;
    }
    found = findCodes(codes, field.value).slice(0, AT_MOST);
    at = 0;
    list.replaceChildren(...found.map((code, row) => option(code, row)));
    if (isMaking()) list.append(optionToMake());
    count.textContent = found.length ? t("↑ ↓ to choose · Enter gives it · Esc closes") : t("No code has this in its name or definition. Esc closes.");
    mark();
  }
  function isMaking() {
    return onNew !== undefined && codes && !found.length && field.value.trim() !== "";
  }
  function optionToMake() {
    const item = make("li", { role: "option", id: "option-0", class: "makes" }, t("Make a new code “{name}”", { name: field.value.trim() }));
    item.addEventListener("click", () => choose(0));
    return item;
  }
  function option(code, row) {
    const { name, definition, theme } = wordingOf(code, language);
    const isGiven = given.includes(code.guid);
    const item = make("li", { role: "option", id: `option-${row}` }, chip({ name, colour: code.colour }, language),
      isGiven ? make("span", { class: "standing" }, t("Given – Enter takes it back")) : null,
      code.is_provisional ? make("span", { class: "standing" }, t("Provisional")) : null,
      theme ? make("span", { class: "theme-of", lang: language }, theme) : null,
      make("span", { class: "definition", lang: language }, definition));
    item.addEventListener("click", () => choose(row));
    return item;
  }
  function mark() {
    [...list.children].forEach((item, row) => item.setAttribute("aria-selected", String(row === at)));
    field.setAttribute("aria-activedescendant", list.children.length ? `option-${at}` : "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }
  function choose(row) {
    isChosen = !codes;
    const code = found[row];
    if (!code && isMaking()) makeNew();
    if (!code) return;
    dialog.close();
    onPick({ guid: code.guid, name: wordingOf(code, language).name, colour: code.colour });
  }
  // The dialog in which it is made opens when this one is gone.
  function makeNew() {
    const typed = field.value.trim();
    dialog.addEventListener("close", () => onNew(typed), { once: true });
    dialog.close();
  }
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && found.length) at = (at + move + found.length) % found.length;
    if (move) mark();
    if (event.key === "Enter" && !event.repeat) choose(at);
    if (move || event.key === "Enter") event.preventDefault();
  });
  function arrive(all) {
    // Closed meanwhile, or opened for another.
    if (!dialog.open || !dialog.contains(field)) return;
    codes = all;
    if (!codes) {
      dialog.close();
      onNone();
      return;
    }
    show();
    if (isChosen) choose(at);
  }
  dialog.setAttribute("aria-labelledby", "picker-title");
  dialog.replaceChildren(make("h2", { id: "picker-title" }, title), field,
    note ? make("p", { class: "uncounted" }, note) : "", list, count);
  show();
  dialog.showModal();
  field.focus();
  coming.then(arrive);
}
