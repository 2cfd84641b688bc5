// Paints the transcript as people read it, the excerpt in hand marked in it.

import { chip, codeOf, make } from "./dom.js";

// The turns are built anew only where others are shown; else the mark alone moves.
export function paintTranscript(place, screen) {
  const shown = [screen.interview_id, screen.turns[0]?.position, screen.turns.length, screen.n_later].join(":");
  if (place.dataset.shown !== shown) buildTurns(place, screen);
  place.dataset.shown = shown;
  for (const part of place.querySelectorAll(".is-excerpt")) {
    const isCurrent = Number(part.dataset.excerpt) === screen.excerpt_id;
    part.classList.toggle("is-current", isCurrent);
    part.querySelector(".number")?.setAttribute("aria-current", String(isCurrent));
  }
  for (const link of place.querySelectorAll(".edge a")) {
    link.setAttribute("href", `/excerpts/${screen.excerpt_id}${link.dataset.around}`);
  }
}

function buildTurns(place, screen) {
  const seen = new Set();
  let speaker = null;
  const turns = screen.turns.map((turn) => {
    const isNew = turn.speaker !== speaker;
    speaker = turn.speaker;
    return paintTurn(turn, isNew, screen, seen);
  });
  place.replaceChildren(
    more(screen, screen.n_earlier, "earlier", screen.turns[0]),
    make("div", { class: "turns", lang: screen.language }, ...turns),
    more(screen, screen.n_later, "later", screen.turns.at(-1)),
  );
}

export function paintMarks(place, screen) {
  for (const part of place.querySelectorAll(".is-excerpt")) {
    if (!(part.dataset.excerpt in screen.marks)) clear(part);
  }
  for (const [excerptId, state] of Object.entries(screen.marks)) {
    const parts = place.querySelectorAll(`[data-excerpt="${excerptId}"]`);
    if (!parts.length) continue;
    for (const part of parts) {
      part.classList.toggle("is-done", state.is_done);
      part.classList.toggle("is-unsure", state.is_unsure);
    }
    const names = state.given.map((guid) => chip(codeOf(screen, guid), screen.language));
    parts[parts.length - 1].querySelector(".marks").replaceChildren(...names);
    parts[0].querySelector(".number").title = describe(state);
  }
}

function clear(part) {
  part.classList.remove("is-done", "is-unsure");
  part.querySelector(".marks").replaceChildren();
  part.querySelector(".number")?.removeAttribute("title");
}

export function showCurrent(place) {
  const current = place.querySelector(".is-current");
  if (!current) return;
  const room = place.clientHeight;
  const middle = current.offsetTop + current.offsetHeight / 2 - room * 0.45;
  place.scrollTop = Math.min(middle, current.offsetTop - 24);
}

function paintTurn(turn, isNew, screen, seen) {
  const parts = turn.parts.map((part) => paintPart(part, screen, seen));
  const label = isNew && turn.speaker
    ? make("p", { class: "speaker", lang: "en" }, turn.speaker) : null;
  const asked = screen.asked.includes(turn.position) ? " is-asked" : "";
  const kind = turn.is_question ? `turn is-question${asked}` : "turn";
  return make("div", { class: isNew ? `${kind} is-new` : kind, id: `turn-${turn.position}` },
    label, ...parts);
}

function paintPart(part, screen, seen) {
  const text = make("p", { class: "words" }, part.text);
  if (part.excerpt_id === null) return make("div", { class: "part" }, text);
  const isFirst = !seen.has(part.excerpt_id);
  seen.add(part.excerpt_id);
  const number = isFirst ? make("a", {
    class: "number", href: `/excerpts/${part.excerpt_id}`, tabindex: "-1",
    "aria-label": `Excerpt ${part.number}`,
  }, String(part.number)) : null;
  const marks = make("p", { class: "marks" });
  return make("div", {
    class: "part is-excerpt", "data-excerpt": part.excerpt_id,
  }, number, text, marks);
}

function more(screen, n, which, edge) {
  if (!n) return make("p", { class: "edge" }, which === "earlier" ? "Beginning" : "End");
  const before = screen.before + (which === "earlier" ? 80 : 0);
  const after = screen.after + (which === "later" ? 80 : 0);
  const around = `?before=${before}&after=${after}#turn-${edge.position}`;
  const arrow = which === "earlier" ? "↑" : "↓";
  return make("p", { class: "edge" }, make("a", { href: around, "data-around": around }, `${arrow} ${n} ${which} turns`));
}

function describe(state) {
  if (state.is_unsure) return "unsure";
  return state.is_done ? "done" : "open";
}
