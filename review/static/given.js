// What was given, always in sight; of a split excerpt what the part in hand has.
// It stands below the suggestions: above them it would move the button from under a double click.

import { sayExtent } from "./counting.js";
import { chip, codeOf, make } from "./dom.js";
import { t } from "./say.js";
import { hasWhole, standingAt } from "./standing.js";

export function paintGiven(place, { screen, part }) {
  const { state } = screen;
  const given = state.given.filter((guid) => standingAt(state, guid, part?.span ?? null) === "given");
  place.hidden = !given.length;
  if (place.hidden) return place.replaceChildren();
  return place.replaceChildren(make("h2", { id: "given-title" }, part ? t("Given to this part") : t("Given")),
    make("ul", { "aria-labelledby": "given-title" }, ...given.map((guid) => paintCode(screen, guid, part))));
}

function paintCode(screen, guid, part) {
  const code = codeOf(screen, guid);
  const extent = part ? wholeOf(screen, guid) : sayExtent(screen, screen.state, guid);
  const remove = make("button", {
    type: "button", class: "reject", "aria-label": t("Take {name} back", code), title: t("Take this code back"),
    "data-command": "remove", "data-guid": guid, "data-focus": `remove-${guid}`,
  }, "✕");
  return make("li", {}, chip(code, screen.language), extent ? make("span", { class: "extent" }, extent) : null, remove);
}

function wholeOf({ state }, guid) {
  return hasWhole(state, guid) ? t("the whole excerpt") : "";
}
