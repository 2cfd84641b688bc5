// Paints what is suggested and what was decided for the excerpt in hand.

import { chip, codeOf, keyCap, LANGUAGE, make } from "./dom.js";
import { suggestionsOf } from "./moves.js";
import { t } from "./say.js";
import { standing } from "./standing.js";

const STANDING = { given: "Given", rejected: "Rejected", passed: "Passed over", open: "" };

export function paintPanel(place, { screen, words, part, isExplained }) {
  const { state, groups } = screen;
  place.replaceChildren(
    heading(screen, words, part),
    ...groups.map((group) => paintGroup(group, screen, words, isExplained)),
    groups.length ? "" : empty(screen, words),
    paintGiven(screen, words),
    state.is_done && !state.given.length ? make("p", { class: "note" }, t("Done: no code fits this excerpt.")) : "",
    state.memo ? make("section", { class: "group" }, make("h2", {}, t("Your memo")), make("p", { class: "memo" }, state.memo)) : "",
  );
}

function heading({ state, groups, number, n_excerpts: all }, { many }, part) {
  const mark = state.is_unsure ? ["unsure", t("Unsure")] : state.is_done ? ["done", t("Done")] : null;
  return make("header", { class: "head" },
    make("h1", {}, t("Excerpt {number}", { number }), make("span", { class: "of" }, ` ${t("of {all}", { all })}`)),
    mark ? make("span", { class: `mark ${mark[0]}` }, mark[1]) : null,
    part ? make("span", { class: "mark part" }, part.at === 0 ? t("First part") : t("Second part")) : null,
    groups.length ? make("p", { class: "hint" }, capitalise(t("{many}, strongest first", { many }))) : null);
}

function capitalise(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// The same whether nothing was found, or the excerpt is to be read without any help: nobody can tell.
function empty({ is_committing: isCommitting, state }, { many }) {
  const line = isCommitting && !state.was_done
    ? t("First your own codes; when you go on, you are shown what is suggested, if anything is.")
    : t("No {many} here. Give a code if one fits; if none does, go on with Done.", { many });
  return make("p", { class: "note none" }, line);
}

function paintGroup(group, screen, words, isExplained) {
  return make("section", { class: "group" },
    make("h2", { lang: screen.language }, group.theme),
    make("ul", {}, ...group.suggestions.flatMap((one, place, all) => {
      if (isPoleOf(one, all[place - 1])) return [];
      return isPoleOf(one, all[place + 1]) ? [paintChoice([one, all[place + 1]], screen, words, isExplained)]
        : [paintSuggestion(one, screen, words, isExplained)];
    })));
}

function isPoleOf(one, other) {
  return other !== undefined && one.choice_with === other.guid;
}

// Two opposite codes on one card; each keeps its own key, and deciding one does not decide the other.
function paintChoice(poles, screen, words, isExplained) {
  const [first, second] = poles.map((pole) => paintSuggestion(pole, screen, words, isExplained));
  first.prepend(make("span", { class: "which" }, t("either")));
  second.prepend(make("span", { class: "which" }, t("or")));
  return make("li", { class: "choice" }, make("p", { class: "note" }, t(CHOICE)), make("ul", {}, first, second));
}

const CHOICE = "Opposite poles that the machine cannot tell apart: you decide which, if any.";

function paintSuggestion(suggestion, screen, words, isExplained) {
  const now = standing(screen.state, suggestion.guid);
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
    ...(suggestion.choice_with ? tellApart(suggestion, screen.language, isExplained)
      : [reason(suggestion, screen.language, isExplained)]));
}

// Of two poles it is the meaning that tells them apart, so it stands open.
function tellApart(pole, language, isExplained) {
  const { definition, apart, reason: found } = pole;
  const isSaid = found === null || found.kind === "definition";
  const said = (lead, text) => make("p", { lang: language }, make("b", { lang: LANGUAGE }, lead), text);
  return [
    make("div", { class: "reason" },
      definition ? said(found && isSaid ? found.lead : t("Definition"), definition) : null,
      apart ? said(t("Not where"), apart) : null),
    isSaid ? null : reason({ ...pole, definition: null }, language, isExplained),
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
  const title = t("Strength {steps} of 5. This excerpt lies {score} standard deviations above what is usual for this code in this study. It is a likeness of words, and does not say whether the code fits.", { steps, score: score.toFixed(1) });
  return make("span", { class: "strength", title, role: "img", "aria-label": title },
    make("span", { class: "steps" }, ...bars), make("span", { class: "score" }, `${score < 0 ? "−" : "+"}${Math.abs(score).toFixed(1)}`));
}

function reason({ reason: found, more = [], words = [], definition }, language, isExplained) {
  const summary = found
    ? make("summary", { title: found.text }, say(found, language))
    : make("summary", {}, make("span", { class: "lead" }, t("what this code means")));
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

function paintGiven(screen, { one }) {
  const suggested = new Set(suggestionsOf(screen).map((s) => s.guid));
  const others = screen.state.given.filter((guid) => !suggested.has(guid));
  if (!others.length) return "";
  const items = others.map((guid) => {
    const code = codeOf(screen, guid);
    const remove = make("button", {
      type: "button", class: "reject", "aria-label": t("Take {name} back", code), title: t("Take this code back"),
      "data-command": "remove", "data-guid": guid, "data-focus": `remove-${guid}`,
    }, "✕");
    return make("li", { class: "suggestion is-given" }, make("div", { class: "row" },
      make("span", { class: "give" }, make("span", { class: "tick", "aria-hidden": "true" }, "✓"), chip(code, screen.language)),
      make("span", { class: "standing" }, t("Given")), remove));
  });
  return make("section", { class: "group" }, make("h2", {}, t("Given by you without a {one}", { one })), make("ul", {}, ...items));
}
