// Plays the recording of an interview from the times in its transcript; remembers nothing.

import { make } from "./dom.js";
import { t } from "./say.js";

let player = null;
let shown = null;

// Shows the player where the interview has a recording, and takes it away where it has none.
// Gives what plays it, or null.
export function setUpAudio(place, screen) {
  if (shown?.place !== place) place.addEventListener("click", onClick);
  const isOther = shown?.audio !== screen.audio || shown?.place !== place;
  shown = { place, audio: screen.audio };
  if (isOther) stop();
  if (isOther && screen.audio) place.prepend(makePlayer(screen.audio));
  return player && { playPause };
}

// Starts where the excerpt in hand begins, or goes on; false where there is no recording.
export function playPause() {
  if (!player) return false;
  if (!player.paused) player.pause();
  else if (player.dataset.started === undefined) playFrom(timeOf(shown.place.querySelector(".is-current")));
  else playFrom(null);
  return true;
}

function makePlayer(address) {
  player = make("audio", { controls: true, preload: "none", src: address, "aria-label": t("Recording of this interview") });
  const said = make("span", { role: "status" });
  player.addEventListener("error", () => { said.textContent = t("The recording cannot be played here."); });
  const bar = make("div", { class: "player" }, player, said);
  // The keys that it takes itself are not the page's.
  bar.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter" || event.key.startsWith("Arrow")) event.stopPropagation();
  });
  return bar;
}

function stop() {
  player?.pause();
  player?.closest(".player").remove();
  player = null;
}

function onClick(event) {
  const time = event.target.closest("button.time");
  if (!time || !player) return;
  event.stopPropagation();
  playFrom(Number(time.dataset.ms));
}

function playFrom(ms) {
  player.dataset.started = "";
  if (ms !== null) player.currentTime = ms / 1000;
  // Refused where the file cannot be played, and then the player says so.
  player.play().catch(() => {});
}

// The time of the turn that an excerpt is in, or of the nearest before it that has one.
function timeOf(part) {
  let turn = part?.closest(".turn");
  while (turn && !turn.querySelector(".time")) turn = turn.previousElementSibling;
  return turn ? Number(turn.querySelector(".time").dataset.ms) : null;
}
