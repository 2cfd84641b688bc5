// Codings of one code as quotes; what one of them becomes is told to all of the same excerpt.

import { readCodes } from "./codebook.js";
import { offerUndo, send } from "./deciding.js";
import { LANGUAGE, make } from "./dom.js";
import { button, editText } from "./notes.js";
import { openPicker } from "./picker.js";
import { t } from "./say.js";
import { sayRole } from "./transcript.js";

// onStale: what is shown stands so no more; it is to be read anew.
export function createReadings({ code, isOwn, dialog, onStale }) {
  const items = [];
  const lastActions = new Map();

  function paintReading(reading, language) {
    const [giver] = reading.givers;
    const status = make("span", { class: "status", role: "status" });
    const actions = make("span", { class: "actions" });
    const memo = make("div", { class: "memo" });
    const place = make("article", { class: "coded" },
      paintWords(reading, reading.language ?? language), paintPlace(reading), memo, make("p", { class: "below" }, actions, status));
    const item = { reading, giver, place, actions, status, memo, text: giver.memo };
    items.push(item);
    if (isOwn) lastActions.set(giver.excerpt_id, giver.last_action);
    showMemo(item);
    if (isOwn) offer(item);
    return place;
  }

  function offer(item) {
    const { giver, actions, reading } = item;
    const n = reading.number;
    if (!giver.is_in_queue) return;
    // Given as a code that was merged into this one, it is changed where it stands.
    if (code.can_give && !giver.is_older) {
      actions.append(
        button(t("Change code"), () => choose(item), { "aria-label": t("Change code of excerpt {n}", { n }) }),
        button(t("Take it off"), () => change(item, null), { "aria-label": t("Take the code off excerpt {n}", { n }) }),
      );
    }
    actions.append(button(t("Memo"), () => writeMemo(item), { "aria-label": t("Memo on excerpt {n}", { n }), "data-memo": true }));
  }

  function choose(item) {
    openPicker(dialog, {
      codes: readCodes().then((codes) => codes?.filter(({ guid }) => guid !== code.guid)),
      language: LANGUAGE, given: [], title: t("Change code"), onPick: (other) => change(item, other),
      onNone: () => { item.status.textContent = t("The study cannot be reached. Try again."); },
    });
  }

  // other: the code that it becomes; null: none. Both are one action, so that one undo takes it back.
  async function change(item, other) {
    const { giver, reading } = item;
    const { start_char, end_char } = reading.span;
    const words = giver.is_whole ? {} : { start_char, end_char };
    const verdicts = [{ verdict: "remove", code_guid: code.guid, ...words }];
    if (other) verdicts.push({ verdict: "add", code_guid: other.guid, ...words });
    const outcome = await decide(item, "/api/actions", { version_id: reading.version_id, has_next: true, verdicts });
    if (!outcome) return;
    const gone = items.filter((each) => each === item || isGone(each, outcome));
    for (const each of gone) mark(each, each === item && other ? t("Now “{code}”", { code: other.name }) : t("Taken off"));
    undoable(item, outcome, () => {
      for (const each of gone) unmark(each);
      item.actions.firstElementChild.focus();
    });
    // The button that was pressed is hidden now.
    item.actions.lastElementChild.focus();
  }

  function isGone({ giver, reading }, outcome) {
    const state = giver.excerpt_id === outcome.excerpt_id ? outcome.state : outcome.touched[giver.excerpt_id];
    if (!state) return false;
    if (giver.is_whole) return !state.given.includes(code.guid);
    const { start_char, end_char } = reading.span;
    return !state.passages.some((each) => each.guid === code.guid && each.start_char === start_char && each.end_char === end_char);
  }

  async function decide(item, address, body) {
    const id = crypto.randomUUID();
    const { excerpt_id: excerptId } = item.giver;
    // A memo changes nothing that it could be too late for.
    const after = () => (address === "/api/actions" ? { after: lastActions.get(excerptId) } : {});
    const { found, status } = await send(address, () => ({ id, excerpt_id: excerptId, ...after(), ...body }), item.status);
    if (status === 409) onStale();
    if (!found) return null;
    lastActions.set(found.excerpt_id, found.state.last_action);
    for (const [id, state] of Object.entries(found.touched)) lastActions.set(Number(id), state.last_action);
    return { ...found, id };
  }

  function undoable(item, outcome, onUndone) {
    offerUndo({
      place: item.actions, status: item.status, action: outcome.id,
      onUndone: (id) => {
        for (const touched of [outcome.excerpt_id, ...Object.keys(outcome.touched)]) lastActions.set(Number(touched), id);
        onUndone();
      },
    });
  }

  function writeMemo(item) {
    const before = item.text;
    item.status.textContent = "";
    const close = () => {
      showMemo(item);
      focusMemo(item);
    };
    editText({
      place: item.memo, title: t("Memo on excerpt {n}", { n: item.reading.number }), text: before, onClose: close,
      onSave: async (text) => {
        const outcome = await decide(item, "/api/memos", { text });
        if (!outcome) return;
        showText(item.giver.excerpt_id, outcome.state.memo);
        close();
        undoable(item, outcome, () => {
          showText(item.giver.excerpt_id, before);
          focusMemo(item);
        });
      },
    });
  }

  // Several passages of an excerpt have one memo.
  function showText(excerptId, text) {
    for (const item of items.filter(({ giver }) => giver.excerpt_id === excerptId)) {
      item.text = text;
      showMemo(item);
    }
  }

  function showMemo(item) {
    const memos = isOwn ? [["", item.text]] : item.reading.givers.map(({ coder, memo }) => [coder, memo]);
    item.memo.replaceChildren(...memos.filter(([, text]) => text).map(([coder, text]) => make("p", { class: "note-text" },
      make("span", { class: "when" }, coder ? t("Memo of {coder}: ", { coder }) : t("Memo: ")), text)));
  }

  return { paintReading };

  function paintPlace({ number, excerpt_id: excerptId, givers }) {
    const [giver] = givers;
    const says = t(giver.is_outside ? "near excerpt {n}" : "Excerpt {n}", { n: number });
    const about = [
      giver.is_outside ? t("words outside every excerpt") : giver.is_whole ? "" : t("a passage"),
      givers.some((each) => each.is_older) ? t("given as a code that was merged into this one") : "",
      isOwn ? "" : givers.map(({ coder }) => coder).join(", "),
    ];
    return make("p", { class: "where" },
      excerptId === null ? "" : make("a", { href: `/excerpts/${excerptId}` }, says),
      ...about.filter(Boolean).map((text) => make("span", {}, text)));
  }
}

function paintWords({ pieces, question }, lang) {
  const asked = question ? make("details", { class: "asked" }, make("summary", {}, t("The question before it")), make("p", { class: "quote", lang }, question)) : "";
  const lines = pieces.map(({ speaker, is_question: isQuestion, text }, place) => make("div", { class: isQuestion ? "said-by is-question" : "said-by" },
    place && pieces[place - 1].speaker === speaker ? "" : make("p", { class: "who" }, sayRole(speaker)),
    make("p", { class: "quote", lang }, text)));
  return make("blockquote", {}, asked, ...lines);
}

function focusMemo({ actions }) {
  actions.querySelector("[data-memo]").focus();
}

function mark({ place, actions, status }, says) {
  place.classList.add("is-off");
  for (const each of actions.querySelectorAll("[aria-label]")) each.hidden = true;
  status.textContent = says;
}

function unmark({ place, actions }) {
  place.classList.remove("is-off");
  for (const each of actions.querySelectorAll("[aria-label]")) each.hidden = false;
}
