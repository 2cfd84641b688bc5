// The key table: what each command is called. Which key gives it is the study's, told by the server.

import { t } from "./say.js";

// {one} stands for what the study calls a suggestion.
export const COMMANDS = [
  { command: "toggle", says: "Give the code of a {one}; once more takes it back", brief: "give" },
  { command: "reject", says: "Reject a {one}", brief: "reject" },
  { command: "done", says: "Done and next; what you did not give is passed over", brief: "done, next" },
  { command: "reject_rest", says: "Reject every {one} that is still open", brief: "reject the rest" },
  { command: "pick", says: "Find another code by any part of its name or definition; with words selected, code these words", brief: "another code" },
  { command: "propose", says: "Make a new code from this passage, for the lead to decide on", brief: "new code" },
  { command: "memo", says: "Write a memo on this passage", brief: "memo" },
  { command: "unsure", says: "Unsure: mark this excerpt and leave it open", brief: "unsure" },
  { command: "undo", says: "Undo, as many steps as you like", brief: "undo" },
  { command: "previous", says: "Previous excerpt, deciding nothing", brief: "previous" },
  { command: "following", says: "Next excerpt, deciding nothing", brief: "next" },
  { command: "start_earlier", says: "Begin the excerpt a word earlier", brief: "begin earlier" },
  { command: "start_later", says: "Begin the excerpt a word later", brief: "begin later" },
  { command: "end_later", says: "End the excerpt a word later", brief: "end later" },
  { command: "end_earlier", says: "End the excerpt a word earlier", brief: "end earlier" },
  { command: "start_earlier_sentence", says: "Begin it a sentence earlier", brief: "begin earlier" },
  { command: "start_later_sentence", says: "Begin it a sentence later", brief: "begin later" },
  { command: "end_later_sentence", says: "End it a sentence later", brief: "end later" },
  { command: "end_earlier_sentence", says: "End it a sentence earlier", brief: "end earlier" },
  { command: "split", says: "Split: code the first part, then the second, then the whole again", brief: "split" },
  { command: "join", says: "Join with the next excerpt; once more parts them", brief: "join" },
  { command: "search", says: "Search all transcripts", brief: "search" },
  { command: "play", says: "Play the recording from here, or pause it", brief: "play" },
  { command: "explain", says: "Show or hide definitions and full reasons", brief: "definitions" },
  { command: "help", says: "Show all keys", brief: "all keys" },
];
const NAMES = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Space: "␣" };
const DIGITS = ["1", "–", "9"];
// With Alt held some keyboards print another sign than the one on the key.
const UNDER_ALT = { BracketLeft: ["[", "{"], BracketRight: ["]", "}"] };

export function sayKey({ says }, { one }) {
  return t(says, { one });
}

// keys: the study's, by command. Gives a function that reads a keyboard event as
// { command, digit }, or null where the key means nothing here.
export function makeReader(keys) {
  const commands = new Map(Object.entries(keys).flatMap(([command, chosen]) => chosen.map((key) => [fold(key), command])));
  return ({ key, code, shiftKey, ctrlKey, altKey, metaKey }) => {
    if (ctrlKey || metaKey) return null;
    const digit = altKey ? null : readDigit(key, code);
    if (digit !== null) return { command: shiftKey ? "reject" : "toggle", digit };
    const command = commands.get(altKey ? `Alt+${readUnderAlt(key, code, shiftKey)}` : fold(key === " " ? "Space" : key));
    return command ? { command, digit: null } : null;
  };
}

// How a command's keys are shown, as caps with their joining words between.
export function showKeys(command, keys) {
  if (command === "toggle") return DIGITS;
  if (command === "reject") return ["⇧", "+", ...DIGITS];
  return keys[command].flatMap((key, n) => [...(n ? [t("or")] : []), ...showKey(key)]);
}

function showKey(key) {
  const [first, ...rest] = key.startsWith("Alt+") ? ["Alt", "+", key.slice(4)] : [key];
  return [first, ...rest].map((name) => NAMES[name] ?? name);
}

function readUnderAlt(key, code, shiftKey) {
  const known = UNDER_ALT[code];
  return known ? known[Number(shiftKey)] : fold(key);
}

// Letters mean the same with caps lock on.
function fold(key) {
  return Array.from(key).length === 1 ? key.toLowerCase() : key;
}

function readDigit(key, code) {
  if (/^Digit[1-9]$/.test(code)) return Number(code.at(-1));
  // With NumLock off the same keys are arrows.
  if (/^Numpad[1-9]$/.test(code) && /^[1-9]$/.test(key)) return Number(key);
  return null;
}
