// The key table: which key gives which command. Everything about keys is read from here.

const row = (prefix) => [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `${prefix}${digit}`);

// codes: places on the keyboard, the same on every layout; keys: what is printed on them.
// decides: about the excerpt in hand, so it counts only for one that was on the screen.
// {one} stands for what the study calls a suggestion.
export const KEYS = [
  { command: "toggle", codes: row("Digit"), shift: false, decides: true,
    shown: ["1", "–", "9"], says: "Give the code of a {one}; once more takes it back", brief: "give" },
  { command: "reject", codes: row("Digit"), shift: true, decides: true,
    shown: ["Shift", "+", "1", "–", "9"], says: "Reject a {one}", brief: "reject" },
  { command: "rejectRest", keys: ["x"], decides: true,
    shown: ["x"], says: "Reject every {one} that is still open", brief: "reject the rest" },
  { command: "pick", keys: ["/", "c"], decides: false,
    shown: ["/", "or", "c"], says: "Find another code, by any part of its name or definition", brief: "another code" },
  { command: "unsure", keys: ["?"], decides: true,
    shown: ["?"], says: "Unsure: mark this excerpt and leave it open", brief: "unsure" },
  { command: "undo", keys: ["u"], decides: false,
    shown: ["u"], says: "Undo, as many steps as you like", brief: "undo" },
  { command: "done", keys: ["Enter"], decides: true,
    shown: ["Enter"], says: "Done and next; what you did not give is passed over", brief: "done, next" },
  { command: "previous", keys: ["ArrowUp", "k"], decides: false,
    shown: ["↑", "or", "k"], says: "Previous excerpt, deciding nothing", brief: "previous" },
  { command: "following", keys: ["ArrowDown", "j"], decides: false,
    shown: ["↓", "or", "j"], says: "Next excerpt, deciding nothing", brief: "next" },
  { command: "explain", keys: ["d"], decides: false,
    shown: ["d"], says: "Show or hide definitions and full reasons", brief: "definitions" },
  { command: "help", keys: ["h"], decides: false,
    shown: ["h"], says: "Show all keys", brief: "all keys" },
];

export const DECIDING = new Set(KEYS.filter((entry) => entry.decides).map((e) => e.command));

// Says in the study's words what a key does.
export function sayKey(entry, { one }) {
  return entry.says.replace("{one}", one);
}

// Gives { command, digit } for a keyboard event, or null where the key means nothing here.
export function readKey({ key, code, shiftKey, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return null;
  const digit = readDigit(key, code);
  const letter = key.length === 1 ? key.toLowerCase() : key;
  const found = KEYS.find((entry) => (digit === null
    ? entry.keys?.includes(letter)
    : entry.codes?.includes(`Digit${digit}`) && entry.shift === shiftKey));
  return found ? { command: found.command, digit } : null;
}

function readDigit(key, code) {
  if (/^Digit[1-9]$/.test(code)) return Number(code.at(-1));
  // With NumLock off the same keys are arrows.
  if (/^Numpad[1-9]$/.test(code) && /^[1-9]$/.test(key)) return Number(key);
  return null;
}
