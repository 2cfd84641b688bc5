// Builds elements; whatever is data goes in as text.

import { t } from "./say.js";

// The reader's language; what people said is in that of their interview.
export const LANGUAGE = globalThis.document?.documentElement.lang ?? "en";

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// A code by name, with its colour as a dot: the words keep their contrast.
export function chip({ name, colour }, language) {
  const dot = make("span", { class: "dot", "aria-hidden": "true" });
  if (colour) dot.style.setProperty("--code", colour);
  return make("span", { class: "chip", lang: language }, dot, name);
}

export function codeOf(screen, guid) {
  return screen.codes[guid] ?? { name: t("Another code"), colour: null };
}

export function keyCap(text) {
  return make("kbd", {}, text);
}

// "Shift + 1" as caps with their joining words between.
export function keyCaps(shown) {
  const plain = new Set(["+", "–", t("or")]);
  return make("span", { class: "caps" }, ...shown.map((part) => (plain.has(part)
    ? make("span", { class: "between" }, part) : keyCap(part))));
}
