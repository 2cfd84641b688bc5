// What of a list is ticked, and what of it was on the screen: nothing unread is ticked by the way.

const LONG_ENOUGH = 1000;
const MOST_OF = 0.6;

const boxOf = (row) => row.querySelector("input");

export class Ticks {
  // onChange is called whenever something is ticked or unticked; top is what hides the top of the screen, in pixels.
  constructor(rows, onChange, top) {
    this.rows = rows;
    this.onChange = onChange;
    this.latest = null;
    this.clocks = new Map(rows.map((row) => [row, { ms: 0, since: null }]));
    // Steps, so that one that fills the screen without ever lying on it whole is noticed, too.
    const threshold = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    this.observer = new IntersectionObserver((entries) => this.#see(entries), { threshold, rootMargin: `-${top}px 0px 0px 0px` });
    for (const row of rows) {
      this.observer.observe(row);
      boxOf(row).addEventListener("click", (event) => this.#click(row, event));
    }
    document.addEventListener("visibilitychange", () => this.#pause());
  }

  ticked() {
    return this.rows.filter((row) => boxOf(row).checked && !row.classList.contains("is-settled"));
  }

  settled() {
    return this.rows.filter((row) => row.classList.contains("is-settled"));
  }

  countWords(rows) {
    return rows.reduce((sum, row) => sum + Number(row.dataset.words), 0);
  }

  shownMs(row) {
    const { ms, since } = this.clocks.get(row);
    return Math.round(ms + (since === null ? 0 : performance.now() - since));
  }

  sortBySeen() {
    const open = this.rows.filter((row) => !row.classList.contains("is-settled"));
    return {
      seen: open.filter((row) => this.#wasSeen(row)),
      unseen: open.filter((row) => !this.#wasSeen(row)),
    };
  }

  tickSeen() {
    for (const row of this.sortBySeen().seen) boxOf(row).checked = true;
    this.onChange();
  }

  tickNone() {
    for (const row of this.ticked()) boxOf(row).checked = false;
    this.onChange();
  }

  // What is decided is ticked no more, and cannot be until it is taken back.
  settle(row) {
    row.classList.add("is-settled");
    boxOf(row).checked = false;
    boxOf(row).disabled = true;
  }

  release(row) {
    row.classList.remove("is-settled");
    boxOf(row).disabled = false;
    this.onChange();
  }

  lock(isLocked) {
    for (const row of this.rows) boxOf(row).disabled = isLocked || row.classList.contains("is-settled");
  }

  #wasSeen(row) {
    return this.shownMs(row) >= LONG_ENOUGH;
  }

  #click(row, event) {
    if (event.shiftKey && this.latest) this.#tickRange(row, boxOf(row).checked);
    this.latest = row;
    this.onChange();
  }

  // The two ends were clicked; what lies between counts only where it was seen.
  #tickRange(row, isTicked) {
    const ends = [this.rows.indexOf(this.latest), this.rows.indexOf(row)].sort((a, b) => a - b);
    for (const each of this.rows.slice(ends[0], ends[1] + 1)) {
      if (!boxOf(each).disabled && (!isTicked || this.#wasSeen(each))) boxOf(each).checked = isTicked;
    }
    boxOf(row).checked = isTicked;
  }

  #see(entries) {
    for (const { target, intersectionRatio, intersectionRect } of entries) {
      const isShown = intersectionRatio >= MOST_OF || intersectionRect.height >= MOST_OF * window.innerHeight;
      this.#turn(target, isShown && !document.hidden);
    }
  }

  #turn(row, isShown) {
    const clock = this.clocks.get(row);
    if (isShown && clock.since === null) clock.since = performance.now();
    if (!isShown && clock.since !== null) {
      clock.ms += performance.now() - clock.since;
      clock.since = null;
    }
  }

  // A page in the background is read by nobody; what is on the screen is looked at anew afterwards.
  #pause() {
    for (const row of this.rows) {
      if (document.hidden) this.#turn(row, false);
      this.observer.unobserve(row);
      this.observer.observe(row);
    }
  }
}
