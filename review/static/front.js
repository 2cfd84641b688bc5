// Keeps what the front page tells of runs up to date, without a reload.

const SOON = 2000;
const LATER = 10000;
const place = document.getElementById("run");

const line = (name) => place.querySelector(`[data-line="${name}"]`);

function paint(run) {
  for (const name of ["now", "last", "waits"]) {
    line(name).textContent = run[name];
    line(name).hidden = !run[name];
  }
  const bar = place.querySelector("progress");
  bar.hidden = !run.now || !run.n_all;
  bar.max = Math.max(run.n_all, 1);
  bar.value = run.n_done;
  // A list that moves under the hand is worse than one that is a run late.
  line("new").hidden = String(run.last_run_id ?? "") === place.dataset.lastRun;
}

async function look() {
  let wait = LATER;
  try {
    const answer = await fetch("/api/run", { cache: "no-store" });
    if (answer.ok) {
      const run = await answer.json();
      paint(run);
      if (run.now) wait = SOON;
    }
  } catch {
    // The service is stopped or starts again; what is shown stays.
  }
  setTimeout(look, wait);
}

setTimeout(look, SOON);
