// Shows by a fade that a place goes on below its edge.

// onLaidOut(place): what else follows from how things are laid out. Gives settle(), for when they change.
export function watchEdge(place, onLaidOut = () => {}) {
  const look = () => {
    const isOn = place.scrollHeight - place.clientHeight - place.scrollTop > 2;
    place.classList.toggle("goes-on", isOn);
  };
  const settle = () => {
    onLaidOut(place);
    look();
  };
  place.addEventListener("scroll", look, { passive: true });
  // What is opened and closed in it does not bubble.
  place.addEventListener("toggle", settle, { capture: true });
  new ResizeObserver(settle).observe(place);
  return { settle };
}
