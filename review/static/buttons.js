// The commands as buttons, each with its key, and the list of all keys.

import { keyCap, keyCaps, make } from "./dom.js";
import { COMMANDS, sayKey, showKeys } from "./keys.js";
import { t } from "./say.js";

const LABELS = {
  done: "Done, next", pick: "Another code", reject_rest: "Reject the rest", unsure: "Unsure", undo: "Undo",
  memo: "Memo", propose: "New code", split: "Split", join: "Join", help: "All keys",
  start_earlier: "Begin earlier", start_later: "Begin later", end_earlier: "End earlier", end_later: "End later",
};
const MAIN = ["done", "pick", "reject_rest"];
const TOOLS = ["memo", "propose", "split", "join", "unsure", "help"];
const BOUNDS = ["start_earlier", "start_later", "end_earlier", "end_later"];
// What has no button of its own.
const UNBUTTONED = ["toggle", "reject", "previous", "following", "explain", "search"];

// places: { main, tools, bounds }, the elements that the buttons go in.
export function paintButtons(places, { keys, words }, onCommand) {
  const button = (command, kind) => {
    const entry = COMMANDS.find((each) => each.command === command);
    const made = make("button", { type: "button", class: kind, title: sayKey(entry, words), "data-focus": command },
      make("span", {}, t(LABELS[command])), keyCap(showKeys(command, keys)[0]));
    made.addEventListener("click", () => onCommand(command));
    return made;
  };
  places.main.replaceChildren(...MAIN.map((command) => button(command, command === "done" ? "main" : null)));
  places.tools.replaceChildren(...TOOLS.map((command) => button(command, null)),
    opener(t("Bounds"), places.bounds, "opens-bounds"), button("undo", null), opener(t("Tools"), places.tools, "opens-tools"));
  places.bounds.replaceChildren(...BOUNDS.map((command) => button(command, null)));
}

// Shows what else there is, and hides it again.
function opener(label, opened, kind) {
  const made = make("button", { type: "button", class: kind, "aria-expanded": "false", "aria-controls": opened.id },
    make("span", {}, label), make("span", { class: "sign", "aria-hidden": "true" }, "▾"));
  made.addEventListener("click", () => {
    made.setAttribute("aria-expanded", String(opened.classList.toggle("is-open")));
  });
  return made;
}

export function paintLegend(place, keys) {
  const rows = COMMANDS.filter(({ command }) => UNBUTTONED.includes(command));
  paintKeys(place, keys, rows, ({ brief }) => t(brief));
}

export function paintAllKeys(place, { keys, words }) {
  paintKeys(place, keys, COMMANDS, (entry) => sayKey(entry, words));
}

function paintKeys(place, keys, entries, say) {
  place.replaceChildren(make("dl", { class: "keys" }, ...entries.map((entry) => make("div", {},
    make("dt", {}, keyCaps(showKeys(entry.command, keys))), make("dd", {}, say(entry))))));
}
