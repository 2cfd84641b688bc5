// Everything under one code: read across participants, recoded or taken off in place.

import { forget } from "./deciding.js";
import { make } from "./dom.js";
import { buildNote } from "./notes.js";
import { post } from "./post.js";
import { createReadings } from "./readings.js";
import { t } from "./say.js";

const at = (id) => document.getElementById(id);
const ROOT = at("readings");
const CODE = JSON.parse(ROOT?.dataset.code ?? "null");
let readings = null;
let latest = 0;
let shown = { interview: null, n: 0 };

function wanted() {
  const group = at("group")?.selectedOptions[0]?.dataset ?? {};
  return {
    whose: document.querySelector("input[name=whose]:checked")?.value ?? "own",
    attribute: group.attribute ?? null, value: group.value ?? null,
  };
}

async function load(start) {
  const number = latest += 1;
  const asked = wanted();
  at("more").disabled = true;
  const { found, error } = await post(`/api/codes/${CODE.guid}/readings`, { ...asked, start });
  if (number !== latest) return;
  at("more").disabled = false;
  if (!found) {
    at("said").textContent = error ?? t("The study cannot be reached. Try again.");
    return;
  }
  if (!start) begin(asked);
  paint(found);
}

function begin({ whose }) {
  forget();
  shown = { interview: null, n: 0 };
  ROOT.replaceChildren();
  readings = createReadings({ code: CODE, isOwn: whose === "own", dialog: at("picker"), onStale: () => load(0) });
}

function paint(found) {
  for (const reading of found.readings) {
    // What the last page ended with may go on.
    if (reading.interview_id !== shown.interview) {
      ROOT.append(openInterview(reading, found));
      shown.interview = reading.interview_id;
    }
    ROOT.lastElementChild.append(readings.paintReading(reading, found.language));
  }
  shown.n += found.readings.length;
  at("more").hidden = found.next === null;
  at("more").dataset.next = found.next ?? "";
  at("said").textContent = sayCount(found);
}

function sayCount({ n_all, n_waiting }) {
  const said = [n_all === 1 ? t("One coding.") : t("{n} codings.", { n: n_all })];
  if (shown.n < n_all) said.push(t("The first {n} are shown.", { n: shown.n }));
  if (n_waiting === 1) said.push(t("One interview is left out until you have finished the excerpts of it that come first."));
  if (n_waiting > 1) said.push(t("{n} interviews are left out until you have finished the excerpts of them that come first.", { n: n_waiting }));
  return said.join(" ");
}

function openInterview({ interview, interview_id: interviewId }, { people, participants }) {
  const persons = people[interviewId] ?? [];
  const title = [...persons.map((id) => participants[id].label), interview].join(" · ");
  const notes = persons.map((id) => make("details", { class: "about" },
    make("summary", {}, t("Note on {participant}", { participant: participants[id].label })),
    buildNote({
      title: t("Your note on {participant}", { participant: participants[id].label }),
      about: { subject: "participant", subject_id: id }, note: participants[id].note,
    })));
  return make("section", { class: "found" }, make("h2", {}, title), ...notes);
}

for (const dot of document.querySelectorAll("[data-colour]")) dot.style.setProperty("--code", dot.dataset.colour);
for (const place of document.querySelectorAll(".note-place")) {
  place.append(buildNote({
    title: place.dataset.title, about: JSON.parse(place.dataset.note), note: JSON.parse(place.dataset.standing),
  }));
}
if (CODE) {
  at("choose").addEventListener("change", () => load(0));
  at("choose").addEventListener("submit", (event) => event.preventDefault());
  at("print").addEventListener("click", () => window.print());
  at("more").addEventListener("click", () => load(Number(at("more").dataset.next)));
  at("picker").addEventListener("click", (event) => { if (event.target === at("picker")) at("picker").close(); });
  load(0);
}
