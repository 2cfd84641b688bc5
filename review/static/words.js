// Shows in the transcript which words of the excerpt in hand speak for a suggestion.

const NAME = "telling";

// Finds stretches of an excerpt, told in code points from its beginning, in its parts, as the
// places that a text node counts in: UTF-16, where a sign beyond the first 65,536 takes two.
export function findInParts(parts, words) {
  return parts.flatMap(({ text, offset }, part) => {
    const points = Array.from(text);
    const place = (n) => points.slice(0, n).join("").length;
    return words
      .map(({ start_char: start, end_char: end }) => [Math.max(0, start - offset), Math.min(points.length, end - offset)])
      .filter(([start, end]) => start < end)
      .map(([start, end]) => ({ part, start: place(start), end: place(end) }));
  });
}

// The text is marked without a change to the page's elements: what a person is selecting stays.
export function markWords(place, screen, words) {
  if (!globalThis.CSS?.highlights) return;
  CSS.highlights.delete(NAME);
  if (!words.length) return;
  const parts = screen.turns.flatMap((turn) => turn.parts).filter((part) => part.excerpt_id === screen.excerpt_id);
  const shown = [...place.querySelectorAll(".is-current .words")].map((element) => element.firstChild);
  const ranges = findInParts(parts, words).map(({ part, start, end }) => {
    const range = new Range();
    range.setStart(shown[part], start);
    range.setEnd(shown[part], end);
    return range;
  });
  CSS.highlights.set(NAME, new Highlight(...ranges));
}
