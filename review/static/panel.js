// Paints what is suggested and what was decided for the excerpt in hand.

import { chip, codeOf, keyCap, keyCaps, make } from "./dom.js";
import { KEYS, sayKey } from "./keys.js";
import { standing, suggestionsOf } from "./machine.js";

const STANDING = { given: "Given", rejected: "Rejected", passed: "Passed over", open: "" };

export function paintPanel(place, { screen, words, isExplained }) {
  const { state } = screen;
  place.replaceChildren(
    heading(screen, words),
    ...screen.groups.map((group) => paintGroup(group, screen, words, isExplained)),
    screen.n_owed ? blind(screen, words) : screen.groups.length ? "" : none(words),
    paintGiven(screen, words),
    state.is_done && !state.given.length
      ? make("p", { class: "note" }, "Done: no code fits this excerpt.") : "",
  );
}

export function paintButtons(place, words, onCommand) {
  const button = (command, kind) => {
    const entry = KEYS.find((key) => key.command === command);
    const made = make("button", { type: "button", class: kind, title: sayKey(entry, words), "data-focus": command },
      make("span", {}, LABELS[command]), keyCap(entry.shown[0]));
    made.addEventListener("click", () => onCommand(command));
    return made;
  };
  place.replaceChildren(
    button("done", "main"), button("pick", ""), button("rejectRest", ""),
    button("unsure", ""), button("undo", ""),
  );
}

const LABELS = {
  done: "Done, next", pick: "Another code", rejectRest: "Reject the rest", unsure: "Unsure", undo: "Undo",
};

export function paintLegend(place, commands, say) {
  const rows = KEYS.filter((entry) => commands.includes(entry.command)).map((entry) => make("div", {},
    make("dt", {}, keyCaps(entry.shown)), make("dd", {}, say(entry))));
  place.replaceChildren(make("dl", { class: "keys" }, ...rows));
}

function heading({ state, groups, number, n_excerpts: all }, { many }) {
  const mark = state.is_unsure ? "Unsure" : state.is_done ? "Done" : null;
  return make("header", { class: "head" },
    make("h1", {}, `Excerpt ${number}`, make("span", { class: "of" }, ` of ${all}`)),
    mark ? make("span", { class: `mark ${mark.toLowerCase()}` }, mark) : null,
    groups.length ? make("p", { class: "hint" }, `${capitalise(many)}, strongest first`) : null);
}

function capitalise(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function blind({ n_owed: owed }, { one, many, blind_for: purpose }) {
  const left = owed === 1 ? "This is the last one." : `${owed} are left.`;
  return make("div", { class: "note none blind" },
    make("p", {}, make("b", {}, `First without ${many}. `),
      `Some excerpts are drawn by chance and coded before any ${one} in their interview is shown, `
      + `${purpose}. ${left}`),
    make("p", {}, "Give the codes that fit with ", keyCap("/"), ", then go on with Done."));
}

function none({ one }) {
  return make("p", { class: "note none" },
    `No ${one} for this excerpt. Give another code if one fits; if none does, go on with Done.`);
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
  first.prepend(make("span", { class: "which" }, "either"));
  second.prepend(make("span", { class: "which" }, "or"));
  return make("li", { class: "choice" }, make("p", { class: "note" }, CHOICE), make("ul", {}, first, second));
}

const CHOICE = "Opposite poles that the machine cannot tell apart: you decide which, if any.";

function paintSuggestion(suggestion, screen, words, isExplained) {
  const now = standing(screen.state, suggestion.guid);
  const code = codeOf(screen, suggestion.guid);
  const give = make("button", {
    type: "button", class: "give", "aria-pressed": String(now === "given"),
    "data-command": "toggle", "data-suggestion": suggestion.id, "data-focus": `give-${suggestion.id}`,
    title: now === "given" ? "Take this code back" : "Give this code",
  }, keyCap(suggestion.key ?? "·"), chip(code, screen.language));
  const reject = make("button", {
    type: "button", class: "reject", "aria-pressed": String(now === "rejected"),
    "aria-label": `Reject ${code.name}`, title: suggestion.key ? `Reject (Shift + ${suggestion.key})` : "Reject",
    "data-command": "reject", "data-suggestion": suggestion.id, "data-focus": `reject-${suggestion.id}`,
  }, "✕");
  return make("li", { class: `suggestion is-${now}`, "data-telling": suggestion.id },
    make("div", { class: "row" }, give, measure(suggestion, words),
      make("span", { class: "standing" }, STANDING[now]), reject),
    ...(suggestion.choice_with ? tellApart(suggestion, screen.language, isExplained)
      : [reason(suggestion, screen.language, isExplained)]));
}

// Of two poles it is the meaning that tells them apart, so it stands open.
function tellApart(pole, language, isExplained) {
  const { definition, apart, reason: found } = pole;
  const isSaid = found === null || found.kind === "definition";
  const said = (lead, text) => make("p", { lang: language }, make("b", { lang: "en" }, lead), text);
  return [
    make("div", { class: "reason" },
      definition ? said(found && isSaid ? found.lead : "Definition", definition) : null,
      apart ? said("Not where", apart) : null),
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
  const title = `Strength ${steps} of 5. This excerpt lies ${score.toFixed(1)} standard deviations above `
    + "what is usual for this code in this study. It is a likeness of words, and does not say "
    + "whether the code fits.";
  return make("span", { class: "strength", title, role: "img", "aria-label": title },
    make("span", { class: "steps" }, ...bars), make("span", { class: "score" }, `+${score.toFixed(1)}`));
}

function reason({ reason: found, more = [], words = [], definition }, language, isExplained) {
  const summary = found
    ? make("summary", { title: found.text }, say(found, language))
    : make("summary", {}, make("span", { class: "lead" }, "what this code means"));
  const isSaid = [found, ...more].some((one) => one?.kind === "definition");
  return make("details", { class: "reason", open: isExplained }, summary,
    ...more.map((one) => make("p", {}, say(one, language))),
    words.length ? make("p", {}, make("b", {}, "Words that speak for it"),
      make("span", { lang: language }, words.map((one) => one.text).join(" · "))) : null,
    isSaid || !definition ? null : make("p", { lang: language }, make("b", { lang: "en" }, "Definition"), definition));
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
      type: "button", class: "reject", "aria-label": `Take ${code.name} back`, title: "Take this code back",
      "data-command": "remove", "data-guid": guid, "data-focus": `remove-${guid}`,
    }, "✕");
    return make("li", { class: "suggestion is-given" }, make("div", { class: "row" },
      make("span", { class: "give" }, make("span", { class: "tick", "aria-hidden": "true" }, "✓"), chip(code, screen.language)),
      make("span", { class: "standing" }, "Given"), remove));
  });
  return make("section", { class: "group" }, make("h2", {}, `Given by you without a ${one}`), make("ul", {}, ...items));
}
