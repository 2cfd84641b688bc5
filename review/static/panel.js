// Paints what is suggested and what was decided for the excerpt in hand.

import { chip, codeOf, keyCap, LANGUAGE, make } from "./dom.js";
import { suggestionsOf } from "./moves.js";
import { t } from "./say.js";
import { hasWhole, standing, standingAt } from "./standing.js";

const STANDING = { given: "Given", rejected: "Rejected", passed: "Passed over", open: "" };

export function paintPanel(place, { screen, words, part, isExplained }) {
  const { state, groups } = screen;
  const held = { screen, words, part, isExplained };
  place.replaceChildren(
    make("header", { class: "head" }, heading(screen, words, part)),
    ...groups.map((group) => paintGroup(group, held)),
    groups.length ? "" : empty(screen, words),
    state.is_done && !state.given.length ? make("p", { class: "note" }, t("Done: no code fits this excerpt.")) : "",
    state.memo ? make("section", { class: "group" }, make("h2", {}, t("Your memo")), make("p", { class: "memo" }, state.memo)) : "",
  );
}

// What is not cut short, and has no more behind it, offers no more. To be asked once it is laid out.
export function settleReasons(place) {
  const short = [...place.querySelectorAll(".reason:not([open])")].map((reason) => {
    const [summary, ...more] = reason.children;
    const apart = reason.nextElementSibling;
    return !more.length && !isCut(summary) && !(apart?.matches(".apart") && isCut(apart));
  });
  place.querySelectorAll(".reason:not([open])").forEach((reason, n) => reason.classList.toggle("is-short", short[n]));
}

const isCut = ({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1;

function heading(screen, { one, many }, part) {
  const { state, number, n_excerpts: all } = screen;
  const { length: n } = suggestionsOf(screen);
  const mark = state.is_unsure ? ["unsure", t("Unsure")] : state.is_done ? ["done", t("Done")] : null;
  return make("div", { class: "title" },
    make("h1", {}, t("Excerpt {number}", { number }), make("span", { class: "of" }, ` ${t("of {all}", { all })}`)),
    mark ? make("span", { class: `mark ${mark[0]}` }, mark[1]) : null,
    part ? make("span", { class: "mark part" }, part.at === 0 ? t("First part") : t("Second part")) : null,
    n ? make("p", { class: "hint" }, n === 1 ? t("1 {one}", { one }) : t("{n} {many}, strongest first", { n, many })) : null);
}

// The same whether nothing was found, or the excerpt is to be read without any help: nobody can tell.
function empty({ is_committing: isCommitting, state }, { many }) {
  const line = isCommitting && !state.was_done
    ? t("First your own codes; when you go on, you are shown what is suggested, if anything is.")
    : t("No {many} here. Give a code if one fits; if none does, go on with Done.", { many });
  return make("p", { class: "note none" }, line);
}

function paintGroup(group, held) {
  return make("section", { class: "group" },
    make("h2", { lang: held.screen.language }, group.theme),
    make("ul", {}, ...group.suggestions.flatMap((one, place, all) => {
      if (isPoleOf(one, all[place - 1])) return [];
      return isPoleOf(one, all[place + 1]) ? [paintChoice([one, all[place + 1]], held)] : [paintSuggestion(one, held)];
    })));
}

function isPoleOf(one, other) {
  return other !== undefined && one.choice_with === other.guid;
}

// Two opposite codes on one card; each keeps its own key, and deciding one does not decide the other.
function paintChoice(poles, held) {
  const [first, second] = poles.map((pole) => paintSuggestion(pole, held));
  first.prepend(make("span", { class: "which" }, t("either")));
  second.prepend(make("span", { class: "which" }, t("or")));
  return make("li", { class: "choice" }, make("p", { class: "note", title: t(CHOICE) }, t("Opposite codes: you decide which fits, if any.")), make("ul", {}, first, second));
}

const CHOICE = "Opposite poles that the machine cannot tell apart: you decide which, if any.";

function paintSuggestion(suggestion, { screen, words, part, isExplained }) {
  const now = standingAt(screen.state, suggestion.guid, part?.span ?? null);
  const code = codeOf(screen, suggestion.guid);
  const give = make("button", {
    type: "button", class: "give", "aria-pressed": String(now === "given"),
    "data-command": "toggle", "data-suggestion": suggestion.id, "data-focus": `give-${suggestion.id}`,
    title: now === "given" ? t("Take this code back") : t("Give this code"),
  }, keyCap(suggestion.key ?? "·"), chip(code, screen.language));
  const reject = make("button", {
    type: "button", class: "reject", "aria-pressed": String(now === "rejected"),
    "aria-label": t("Reject {name}", code), title: t("Reject"),
    "data-command": "reject", "data-suggestion": suggestion.id, "data-focus": `reject-${suggestion.id}`,
  }, "✕");
  return make("li", { class: `suggestion is-${now}`, "data-telling": suggestion.id },
    make("div", { class: "row" }, give, measure(suggestion, words),
      make("span", { class: "standing" }, t(STANDING[now])), reject),
    placed(screen.state, suggestion.guid, part, now),
    ...(suggestion.choice_with ? tellApart(suggestion, screen.language, isExplained)
      : [reason(suggestion, screen.language, isExplained)]));
}

// Where an excerpt is split, what is given is told by part.
function placed(state, guid, part, now) {
  if (!part || standing(state, guid) !== "given") return null;
  const line = hasWhole(state, guid) ? t("The whole excerpt has it.") : t("This part has it.");
  return make("p", { class: "placed" }, now === "given" ? line : t("Other words of the excerpt have it."));
}

// Of two poles it is the meaning that tells them apart, so it comes before what else speaks for each.
function tellApart(pole, language, isExplained) {
  const { definition, apart, reason: found, more = [] } = pole;
  const isSaid = found === null || found.kind === "definition";
  const meaning = { kind: "definition", lead: isSaid && found ? found.lead : t("Definition"), text: definition };
  const others = isSaid ? more : [found, ...more];
  return [
    definition ? reason({ ...pole, reason: meaning, more: others }, language, isExplained) : reason(pole, language, isExplained),
    apart ? make("p", { class: "apart", lang: language }, make("b", { lang: LANGUAGE }, t("Not where")), apart) : null,
  ];
}

function measure(suggestion, { tells_chance: isTold }) {
  if (suggestion.strength !== null) return strength(suggestion);
  if (!suggestion.chance || !isTold) return null;
  const { short, sentence } = suggestion.chance;
  return make("span", { class: "chance", title: sentence, role: "img", "aria-label": sentence }, short);
}

function strength({ score, strength: steps }) {
  const bars = [1, 2, 3, 4, 5].map((n) => make("i", { class: n <= steps ? "on" : "" }));
  const title = `${t("Strength {steps} of 5.", { steps })} ${sayDistance(score)} ${t("It is a likeness of words, and does not say whether the code fits.")}`;
  return make("span", { class: "strength", title, role: "img", "aria-label": title },
    make("span", { class: "steps" }, ...bars), make("span", { class: "score" }, `${sign(score)}${Math.abs(score).toFixed(1)}`));
}

function sign(score) {
  if (Math.abs(score) < NEAR_USUAL) return "±";
  return score < 0 ? "−" : "+";
}

const NEAR_USUAL = 0.05; // Shown with one decimal, it is nothing.

function sayDistance(score) {
  const values = { score: Math.abs(score).toFixed(1) };
  if (Math.abs(score) < NEAR_USUAL) return t("This excerpt is as near to this code as is usual in this study.");
  return score < 0 ? t("This excerpt lies {score} standard deviations below what is usual for this code in this study.", values)
    : t("This excerpt lies {score} standard deviations above what is usual for this code in this study.", values);
}

function reason({ reason: found, more = [], words = [], definition }, language, isExplained) {
  const hints = { "data-more": t("more"), "data-less": t("less") };
  const summary = found
    ? make("summary", { title: found.text, ...hints }, say(found, language))
    : make("summary", hints, make("span", { class: "lead" }, t("what this code means")));
  const isSaid = [found, ...more].some((one) => one?.kind === "definition");
  return make("details", { class: "reason", open: isExplained }, summary,
    ...more.map((one) => make("p", {}, say(one, language))),
    words.length ? make("p", {}, make("b", {}, t("Words that speak for it")),
      make("span", { lang: language }, words.map((one) => one.text).join(" · "))) : null,
    isSaid || !definition ? null : make("p", { lang: language }, make("b", { lang: LANGUAGE }, t("Definition")), definition));
}

// A text of the codebook, or what people said: in the language of their interview, which is named.
function say({ lead, text, interview, language: spoken }, language) {
  return make("span", {}, make("span", { class: "lead" }, interview ? `${lead} ${interview}: ` : `${lead}: `),
    make("q", { lang: spoken ?? language }, text));
}
