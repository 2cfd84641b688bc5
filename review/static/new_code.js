// What a lead writes of a code that comes into the codebook, whatever it is made of.

// Gives what a form says; a theme that was not chosen is none.
export function readForm(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name, value]) => name !== "theme" || value));
}

// A key follows the name until somebody writes one.
export function followName(form) {
  const { name, key } = form.elements;
  let isOwn = Boolean(key.value) && key.value !== keyOf(name.value);
  key.addEventListener("input", () => { isOwn = Boolean(key.value); });
  name.addEventListener("input", () => { if (!isOwn) key.value = keyOf(name.value); });
}

// "Échange libre!" becomes "echange_libre".
export function keyOf(name) {
  return name.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}_]+/gu, "_").replace(/^_+|_+$/g, "");
}
