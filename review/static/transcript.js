// Paints the transcript as people read it, the excerpt in hand marked in it.

import { sayExtent } from "./counting.js";
import { chip, codeOf, LANGUAGE, make } from "./dom.js";
import { t } from "./say.js";

const painted = new WeakMap();

// The turns are built anew only where others are shown; else the mark alone moves.
export function paintTranscript(place, screen) {
  const shown = [screen.interview_id, screen.version_id, screen.turns[0]?.position, screen.turns.length, screen.n_later].join(":");
  if (place.dataset.shown !== shown) buildTurns(place, screen);
  place.dataset.shown = shown;
  for (const part of place.querySelectorAll(".is-excerpt")) {
    const isCurrent = Number(part.dataset.excerpt) === screen.excerpt_id;
    part.classList.toggle("is-current", isCurrent);
    part.querySelector(".number")?.setAttribute("aria-current", String(isCurrent));
  }
  const asked = new Set(screen.asked);
  for (const turn of place.querySelectorAll(".is-question")) {
    turn.classList.toggle("is-asked", asked.has(Number(turn.dataset.position)));
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
  // A recording that plays is left where it is: moved, it would stop.
  for (const old of [...place.children]) if (!old.matches(".player")) old.remove();
  place.append(
    more(screen, screen.n_earlier, "earlier", screen.turns[0]),
    make("div", { class: "turns", lang: screen.language }, ...turns),
    more(screen, screen.n_later, "later", screen.turns.at(-1)),
  );
}

export function paintMarks(place, screen) {
  for (const [excerptId, of] of group(place.querySelectorAll(".is-excerpt"))) {
    const state = screen.marks[excerptId] ?? null;
    const codes = state?.given.map((guid) => ({ ...codeOf(screen, guid), extent: sayExtent(screen, state, guid) })) ?? [];
    // Most of what is on the screen stays as it is from one key to the next.
    const now = state && JSON.stringify([state.is_done, state.is_unsure, state.memo, codes]);
    if ((painted.get(of[0]) ?? null) !== now) paintMark(of, state, codes, screen.language);
    painted.set(of[0], now);
  }
}

function group(parts) {
  const groups = new Map();
  for (const part of parts) groups.set(part.dataset.excerpt, [...(groups.get(part.dataset.excerpt) ?? []), part]);
  return groups;
}

function paintMark(parts, state, codes, language) {
  for (const part of parts) {
    part.classList.toggle("is-done", state?.is_done ?? false);
    part.classList.toggle("is-unsure", state?.is_unsure ?? false);
  }
  const names = codes.map((code) => {
    const named = chip(code, language);
    if (code.extent) named.append(make("span", { class: "extent", lang: LANGUAGE }, code.extent));
    return named;
  });
  parts[parts.length - 1].querySelector(".marks").replaceChildren(...names, ...memoMark(state));
  const number = parts[0].querySelector(".number");
  if (state) number.title = describe(state);
  else number.removeAttribute("title");
}

function memoMark(state) {
  if (!state?.memo) return [];
  const title = t("Memo: {text}", { text: state.memo });
  return [make("span", { class: "memo-mark", role: "img", title, "aria-label": title }, "✎")];
}

export function showCurrent(place) {
  const current = place.querySelector(".is-current");
  if (!current) return;
  const room = place.clientHeight;
  const above = 24 + (place.querySelector(".player")?.offsetHeight ?? 0);
  // Against the place itself: what stands between may be positioned, too.
  const top = current.getBoundingClientRect().top - place.getBoundingClientRect().top - place.clientTop + place.scrollTop;
  place.scrollTop = Math.min(top + current.offsetHeight / 2 - room * 0.45, top - above);
}

function paintTurn(turn, isNew, screen, seen) {
  const parts = turn.parts.map((part) => paintPart(part, screen, seen));
  const kind = turn.is_question ? "turn is-question" : "turn";
  return make("div", {
    class: isNew ? `${kind} is-new` : kind, id: `turn-${turn.position}`, "data-position": turn.position,
  }, paintSpeaker(turn, isNew, screen), ...parts);
}

function paintSpeaker({ speaker, start_ms: ms }, isNew, screen) {
  const isNamed = isNew && speaker;
  if (!isNamed && (speaker || ms === null)) return null;
  return make("p", { class: "speaker", lang: LANGUAGE }, isNamed ? sayRole(speaker) : "",
    ms === null ? null : paintTime(ms, screen));
}

const ROLES = { participant: "participant", interviewer: "interviewer", note: "note", unknown: "unknown" };

// Who speaks is named by role, the second of a kind with a number; whoever a team named keeps the name.
export function sayRole(speaker) {
  const [, role, number] = /^(\w+)( \d+)?$/.exec(speaker) ?? [];
  return Object.hasOwn(ROLES, role ?? "") ? `${t(ROLES[role])}${number ?? ""}` : speaker;
}

// Where there is a recording, its times are what starts it.
function paintTime(ms, { audio }) {
  const said = sayTime(ms);
  if (!audio) return make("span", { class: "time" }, said);
  const title = t("Play from {time}", { time: said });
  return make("button", { type: "button", class: "time", "data-ms": ms, title, "aria-label": title }, said);
}

export function sayTime(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function paintPart(part, screen, seen) {
  const text = make("p", { class: "words", "data-start": part.start_char }, part.text);
  if (part.excerpt_id === null) return make("div", { class: "part" }, text);
  const isFirst = !seen.has(part.excerpt_id);
  seen.add(part.excerpt_id);
  const number = isFirst ? make("a", {
    class: "number", href: `/excerpts/${part.excerpt_id}`, tabindex: "-1",
    "aria-label": t("Excerpt {n}", { n: part.number }),
  }, String(part.number)) : null;
  const marks = make("p", { class: "marks" });
  return make("div", {
    class: "part is-excerpt", "data-excerpt": part.excerpt_id,
  }, number, text, marks);
}

function more(screen, n, which, edge) {
  if (!n) return make("p", { class: "edge" }, which === "earlier" ? t("Beginning") : t("End"));
  const before = screen.before + (which === "earlier" ? 80 : 0);
  const after = screen.after + (which === "later" ? 80 : 0);
  const around = `?before=${before}&after=${after}#turn-${edge.position}`;
  const said = which === "earlier" ? t("↑ {n} earlier turns", { n }) : t("↓ {n} later turns", { n });
  return make("p", { class: "edge" }, make("a", { href: around, "data-around": around }, said));
}

function describe(state) {
  if (state.is_unsure) return t("unsure");
  return state.is_done ? t("done") : t("open");
}
