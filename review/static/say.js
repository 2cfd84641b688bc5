// Says the page's sentences in the reader's language: written in English, looked up in a catalogue.

const CATALOGUE = JSON.parse(globalThis.document?.documentElement.dataset.catalogue ?? "{}");

// t("{n} left", { n: 3 })
export function t(english, values = {}) {
  return (CATALOGUE[english] ?? english).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
