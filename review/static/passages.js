// What is done with words of their own: coded from a selection, looked at, changed and taken away.

import { framesOf, sayPlace, textOf } from "./codings.js";
import { sayUncounted } from "./counting.js";
import { chip, codeOf, keyCap, make } from "./dom.js";
import { t } from "./say.js";
import { settleBeside } from "./stripes.js";
import { markSpan } from "./words.js";

const AT_MOST = 280;
const AWAY = 8; // Pixels between the words and what floats near them.
// A finger's handles hang below the words that it selected.
const BELOW_HANDLES = 36;

// Opens what a stripe stands for. onRemove and onChange are given the coding.
// definition: where the caller knows it; else what a suggestion of the screen says.
export function openPassage(dialog, { screen, coding, definition, onRemove, onChange }) {
  const code = codeOf(screen, coding.guid);
  const meaning = definition ?? definitionOf(screen, coding.guid);
  const shown = coding.span ?? wholeSpan(screen, coding.excerptId);
  const press = (text, kind, then) => {
    const button = make("button", { type: "button", class: kind }, text);
    button.addEventListener("click", () => {
      // What comes next may open a dialog of its own, so this one is to be gone.
      if (then) dialog.addEventListener("close", () => then(coding), { once: true });
      dialog.close();
    });
    return button;
  };
  const uncounted = coding.span ? sayUncounted(screen, shown) : "";
  const change = press(t("Change code"), "plain", onChange);
  dialog.setAttribute("aria-labelledby", "passage-title");
  dialog.replaceChildren(
    make("h2", { id: "passage-title" }, chip(code, screen.language)),
    make("p", { class: "place" }, sayPlace(screen, { ...coding, shown })),
    uncounted ? make("p", { class: "uncounted" }, uncounted) : "",
    meaning ? make("p", { class: "definition", lang: screen.language }, meaning) : "",
    make("blockquote", { lang: screen.language }, shorten(textOf(screen, shown))),
    make("div", { class: "actions" }, change, press(t("Remove"), "plain remove", onRemove), press(t("Close"), "plain", null)),
  );
  dialog.showModal();
  settleBeside(dialog, coding.button);
  change.focus();
  const place = coding.button.closest(".transcript");
  if (!place) return;
  markSpan(place, "opened", shown);
  dialog.addEventListener("close", () => markSpan(place, "opened", null), { once: true });
}

function wholeSpan(screen, excerptId) {
  const isInHand = excerptId === screen.excerpt_id;
  return screen.marks[excerptId]?.bounds ?? (isInHand ? screen.frame : framesOf(screen).get(excerptId));
}

function definitionOf(screen, guid) {
  return screen.groups.flatMap((group) => group.suggestions).find((one) => one.guid === guid)?.definition ?? "";
}

function shorten(text) {
  const signs = Array.from(text);
  return signs.length > AT_MOST ? `${signs.slice(0, AT_MOST).join("").replace(/\s+\S*$/, "")} …` : text;
}

// Shows near selected words what codes them. onCode is given the stretch; key is what does the same.
export function showToolbar(place, getSpan, onCode, key = "/") {
  const button = make("button", { type: "button", class: "code-words", hidden: true },
    make("span", {}, t("Code these words")), keyCap(key));
  let span = null;
  let isFinger = false;
  let isAsked = false;
  const show = () => {
    isAsked = false;
    span = getSpan();
    button.hidden = span === null;
    if (span) settleButton(button, place, isFinger);
  };
  // Once a frame: a selection that is being drawn changes with every sign.
  const ask = () => {
    if (!isAsked) requestAnimationFrame(show);
    isAsked = true;
  };
  document.addEventListener("selectionchange", ask);
  place.addEventListener("pointerdown", ({ pointerType }) => { isFinger = pointerType === "touch"; });
  place.addEventListener("scroll", ask, { passive: true });
  window.addEventListener("resize", ask);
  // What is pressed takes the selection away on some devices; the words are those that it showed.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    const chosen = span;
    button.hidden = true;
    if (chosen) onCode(chosen);
  });
  document.body.append(button);
  return ask;
}

function settleButton(button, place, isFinger) {
  const rects = [...window.getSelection().getRangeAt(0).getClientRects()].filter(({ width, height }) => width && height);
  const seen = place.getBoundingClientRect();
  if (!rects.length) return;
  const spot = findSpot({
    above: Math.min(...rects.map(({ top }) => top)), below: Math.max(...rects.map(({ bottom }) => bottom)),
    left: rects[0].left, width: button.offsetWidth, height: button.offsetHeight,
    seen: { top: Math.max(0, seen.top), bottom: Math.min(window.innerHeight, seen.bottom), left: seen.left, right: seen.right },
    isFinger,
  });
  button.style.setProperty("--left", `${spot.left}px`);
  button.style.setProperty("--top", `${spot.top}px`);
}

// Above the words, or below them where a finger selected or there is no room; where they fill all
// that is seen, in the corner, over the end of a line at most.
export function findSpot({ above, below, left, width, height, seen, isFinger }) {
  const over = above - height - AWAY;
  const under = below + (isFinger ? BELOW_HANDLES : AWAY);
  const fits = (top) => top >= seen.top && top + height <= seen.bottom;
  const top = (isFinger ? [under, over] : [over, under]).find(fits);
  const most = seen.right - width - AWAY;
  if (top === undefined) return { top: seen.bottom - height - AWAY, left: most };
  return { top, left: Math.max(seen.left + AWAY, Math.min(left, most)) };
}
