// Marks words that have codes of their own, in each code's colour, and says which when pointed at.

import { listCodings, sayCoding } from "./codings.js";
import { codeOf } from "./dom.js";
import { hueOf } from "./stripes.js";
import { highlight, pointAt, rangesOf } from "./words.js";

const LINES = 3; // Codes on the same words are underlined below one another.
const held = { sheet: null, says: "", names: [], codings: [], screen: null };

export function paintCodedWords(place, screen) {
  if (!globalThis.CSS?.highlights) return;
  held.screen = screen;
  held.codings = listCodings(screen).filter(({ span }) => span);
  const guids = [...new Set(held.codings.map(({ guid }) => guid))].sort();
  writeRules(guids.map((guid) => [guid, codeOf(screen, guid).colour]));
  for (const name of held.names.slice(guids.length)) highlight(name, []);
  held.names = guids.map((_, n) => `own-${n}`);
  guids.forEach((guid, n) => {
    const own = held.codings.filter((coding) => coding.guid === guid);
    highlight(held.names[n], own.flatMap(({ shown }) => rangesOf(place, shown)));
  });
}

// Rules are made by the page's own script: colours are set as values, and never read as a style sheet.
function writeRules(colours) {
  const says = JSON.stringify(colours);
  if (held.says === says) return;
  if (!held.sheet) {
    held.sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(held.sheet);
  }
  held.says = says;
  held.sheet.replaceSync(colours.map((_, n) => `::highlight(own-${n}) {}`).join("\n"));
  colours.forEach(([guid, colour], n) => {
    const { style } = held.sheet.cssRules[n];
    const own = colour ?? `oklch(var(--lightness) .12 ${hueOf(guid)}deg)`;
    style.setProperty("background-color", `color-mix(in oklab, ${own} 14%, transparent)`);
    style.setProperty("text-decoration", `underline 2px color-mix(in oklab, ${own} 60%, var(--ink))`);
    style.setProperty("text-underline-offset", `${[0.16, 0.32, 0.48][n % LINES]}em`);
  });
}

// What the pointer is on has its name as a tip, and its stripe stands out.
export function nameUnderPointer(place) {
  let isAsked = false;
  const show = ({ clientX, clientY, target }) => {
    isAsked = false;
    const words = target.closest?.(".words");
    const at = words && held.codings.length ? pointAt(place, clientX, clientY) : null;
    const found = at === null ? [] : held.codings.filter(({ shown }) => shown.start_char <= at && at < shown.end_char);
    if (words) words.title = found.map((coding) => sayCoding(held.screen, coding)).join("\n");
    const pointed = new Set(found.map(({ guid, shown }) => `stripe-${guid}-${shown.start_char}-${shown.end_char}`));
    for (const stripe of place.querySelectorAll(".stripe")) stripe.classList.toggle("is-pointed", pointed.has(stripe.dataset.focus));
  };
  // Once a frame: a pointer moves more often.
  place.addEventListener("pointermove", (event) => {
    if (!isAsked) requestAnimationFrame(() => show(event));
    isAsked = true;
  });
}
