// Searches all transcripts and codes the words that are found, in place.

import { readCodes } from "./codebook.js";
import { forget, offerUndo, send } from "./deciding.js";
import { chip, LANGUAGE, make } from "./dom.js";
import { wordsAround } from "./found.js";
import { button } from "./notes.js";
import { openPicker } from "./picker.js";
import { post } from "./post.js";
import { t } from "./say.js";
import { sayRole, sayTime } from "./transcript.js";

const at = (id) => document.getElementById(id);
let latest = 0;

async function look(event) {
  event.preventDefault();
  const number = latest += 1;
  at("said").textContent = t("Searching…");
  const answer = await post("/api/search", {
    text: at("text").value, code_guid: at("code").value || null, is_whole_words: at("whole").checked,
  });
  // A later search has begun since.
  if (number !== latest) return;
  forget();
  at("said").textContent = answer.found ? sayFound(answer.found) : answer.error ?? t("The study cannot be reached. Try again.");
  at("results").replaceChildren(...(answer.found?.groups ?? []).map((group) => paintGroup(group, answer.found.codes)));
}

function sayFound({ n_hits, n_shown, n_interviews, n_waiting }) {
  const said = [sayTimes(n_hits), n_hits > 1 ? sayInterviews(n_interviews) : ""].filter(Boolean);
  if (n_shown < n_hits) said.push(t("The first {n} are shown.", { n: n_shown }));
  if (n_waiting === 1) said.push(t("One interview was not searched for a code: the excerpts that come first in it are not finished."));
  if (n_waiting > 1) said.push(t("{n} interviews were not searched for a code: the excerpts that come first in them are not finished.", { n: n_waiting }));
  return said.join(" ");
}

function sayTimes(n) {
  if (!n) return t("Found nowhere.");
  return n === 1 ? t("Found once.") : t("Found {n} times.", { n });
}

function sayInterviews(n) {
  return n === 1 ? t("All in one interview.") : t("In {n} interviews.", { n });
}

function paintGroup(group, names) {
  const title = [...group.participants, group.interview].join(" · ");
  const wait = group.shows_codes ? null
    : make("p", { class: "waits" }, t("Codes of this interview are not shown before the excerpts that come first in it are finished."));
  return make("section", { class: "found" },
    make("h2", {}, title, " ", make("span", { class: "n" }, String(group.n_hits))), wait,
    make("ol", {}, ...group.hits.map((hit) => paintHit(hit, group, names))));
}

function paintHit(hit, group, names) {
  const given = make("span", { class: "given" }, ...hit.codes.map((guid) => chip(names[guid], LANGUAGE)));
  const status = make("span", { class: "status", role: "status" });
  const actions = make("span", { class: "actions" });
  const { span, says: words, pieces } = wordsAround(hit);
  const place = { hit, group, given, status, actions, span, words };
  const says = t(hit.is_outside ? "near excerpt {n}" : "Excerpt {n}", { n: hit.number });
  actions.append(button(t("Code “{words}”", { words }), () => choose(place), { "aria-label": t("Code “{words}”, excerpt {n} of {interview}", { words, n: hit.number, interview: group.interview }) }));
  return make("li", { class: "hit" },
    make("p", { class: "where" },
      make("a", { href: `/excerpts/${hit.excerpt_id}` }, says),
      make("span", {}, sayRole(hit.speaker)), make("span", {}, hit.start_ms === null ? "" : sayTime(hit.start_ms))),
    paintQuote(pieces, group.language),
    make("p", { class: "below" }, given, actions, status));
}

function paintQuote([before, begun, found, rest, after], lang) {
  return make("p", { class: "quote", lang }, before, make("span", { class: "to-code" }, begun, make("mark", {}, found), rest), after);
}

function choose(place) {
  openPicker(at("picker"), {
    codes: readCodes(), language: LANGUAGE, given: [], title: t("Code “{words}”", { words: place.words }), onPick: (code) => give(place, code),
    onNone: () => { place.status.textContent = t("The study cannot be reached. Try again."); },
  });
}

async function give({ hit, group, given, status, actions, span }, { guid, name, colour }) {
  const id = crypto.randomUUID();
  const { found } = await send("/api/actions", () => ({
    id, excerpt_id: hit.excerpt_id, version_id: group.version_id, has_next: true,
    verdicts: [{ verdict: "add", code_guid: guid, ...span }],
  }), status);
  if (!found) return;
  const shown = chip({ name, colour }, LANGUAGE);
  if (group.shows_codes && !hit.codes.includes(guid)) given.append(shown);
  offerUndo({ place: actions, status, action: id, onUndone: () => takeOff(shown, actions) });
}

function takeOff(shown, actions) {
  shown.remove();
  actions.firstElementChild.focus();
}

at("search").addEventListener("submit", look);
at("picker").addEventListener("click", (event) => { if (event.target === at("picker")) at("picker").close(); });
