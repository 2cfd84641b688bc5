// The commands as buttons, each with its key, and the list of all keys.

import { keyCap, keyCaps, make } from "./dom.js";
import { COMMANDS, sayKey, showKeys } from "./keys.js";
import { t } from "./say.js";

const LABELS = {
  done: "Done, next", pick: "Another code", reject_rest: "Reject the rest", unsure: "Unsure", undo: "Undo",
  memo: "Memo", propose: "New code", split: "Split", join: "Join with next", play: "Play", explain: "Definitions",
  start_earlier: "Begin earlier", start_later: "Begin later", end_earlier: "End earlier", end_later: "End later",
};
const MAIN = ["done", "pick", "reject_rest", "unsure", "undo"];
const MORE = ["memo", "propose", "split", "join", "start_earlier", "start_later", "end_earlier", "end_later"];
// These have buttons of their own, and need no place in the legend.
const UNBUTTONED = ["toggle", "reject", "previous", "following", "propose", "memo", "explain", "help"];

export function paintButtons(place, more, { keys, words }, onCommand) {
  const button = (command, kind) => {
    const entry = COMMANDS.find((each) => each.command === command);
    const made = make("button", { type: "button", class: kind, title: sayKey(entry, words), "data-focus": command },
      make("span", {}, t(LABELS[command])), keyCap(showKeys(command, keys)[0]));
    made.addEventListener("click", () => onCommand(command));
    return made;
  };
  place.replaceChildren(...MAIN.map((command) => button(command, command === "done" ? "main" : "")));
  more.replaceChildren(...MORE.map((command) => button(command, "")));
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
