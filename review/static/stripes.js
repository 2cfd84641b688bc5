// Stripes beside the transcript, one for each coding; those that overlap stand beside each other.

import { listCodings, sayCoding } from "./codings.js";
import { codeOf, make } from "./dom.js";
import { t } from "./say.js";
import { markSpan, rangesOf } from "./words.js";

const LEAST = 24; // A finger's width, and what WCAG 2.2 asks for.
const GAP = 8;
const known = new WeakMap();

// Places intervals { top, bottom } in lanes. Where one would need more lanes than there are, those
// of its neighbours that find no place stand behind one sign in the last lane.
export function layOut(intervals, nLanes) {
  const order = intervals.map((each, index) => ({ index, top: each.top, bottom: Math.max(each.bottom, each.top + LEAST) }))
    .sort((one, other) => one.top - other.top || other.bottom - one.bottom);
  const groups = [];
  for (const each of order) {
    const group = groups.at(-1);
    if (group && each.top < group.bottom) {
      group.of.push(each);
      group.bottom = Math.max(group.bottom, each.bottom);
    } else groups.push({ of: [each], bottom: each.bottom });
  }
  return groups.flatMap(({ of }) => layGroup(of, nLanes));
}

function layGroup(group, nLanes) {
  const lanes = [];
  const placed = group.map((each) => {
    const free = lanes.findIndex((bottom) => bottom <= each.top);
    const lane = free < 0 ? lanes.length : free;
    lanes[lane] = each.bottom;
    return { ...each, lane };
  });
  if (lanes.length <= nLanes) return placed.map(({ index, ...at }) => ({ ...at, indexes: [index] }));
  const last = nLanes - 1;
  return [
    ...placed.filter(({ lane }) => lane < last).map(({ index, ...at }) => ({ ...at, indexes: [index] })),
    ...gather(placed.filter(({ lane }) => lane >= last), last),
  ];
}

// One sign for those that touch one another, so that it stands beside what it is about.
function gather(rest, lane) {
  const signs = [];
  for (const { index, top, bottom } of rest) {
    const sign = signs.at(-1);
    if (sign && top < sign.bottom) {
      sign.indexes.push(index);
      sign.bottom = Math.max(sign.bottom, bottom);
    } else signs.push({ lane, top, bottom, indexes: [index] });
  }
  return signs;
}

// A code without a colour has always the same one, made of its name in the codebook.
export function hueOf(guid) {
  let hash = 0;
  for (const sign of guid) hash = (Math.imul(hash, 31) + sign.codePointAt(0)) >>> 0;
  return (hash * 137) % 360;
}

// onOpen({ excerptId, guid, span, button }); span is null where the excerpt has the code as a whole.
export function paintStripes(place, screen, onOpen) {
  const turns = place.querySelector(".turns");
  if (!turns) return;
  const codings = listCodings(screen);
  const held = setUp(place);
  const says = JSON.stringify([screen.excerpt_id, codings, codings.map(({ guid }) => codeOf(screen, guid))]);
  Object.assign(held, { screen, codings, onOpen });
  if (held.says === says && held.turns === turns) return;
  const isOther = held.turns !== turns;
  Object.assign(held, { says, turns });
  if (isOther) turns.append(held.layer);
  paintLayer(place, held);
  if (!isOther) return;
  held.size = undefined;
  held.observer.disconnect();
  held.observer.observe(turns);
}

function setUp(place) {
  if (known.has(place)) return known.get(place);
  const layer = make("div", {
    class: "stripes", role: "group", lang: document.documentElement.lang, "aria-label": t("Codes given, beside the words"),
  });
  const held = { layer };
  // Other lines, other places: the window was made wider, or the letters larger.
  held.observer = new ResizeObserver(([{ contentRect: { width, height } }]) => {
    const size = `${width}:${height}`;
    if (held.size !== size && held.size !== undefined) paintLayer(place, held);
    held.size = size;
  });
  layer.addEventListener("keydown", (event) => onKeyDown(event, layer));
  for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    layer.addEventListener(begin, ({ target }) => {
      const coding = held.codings[target.closest?.(".stripe")?.dataset.coding];
      if (coding) markSpan(place, "coded", coding.shown);
    });
    layer.addEventListener(end, () => markSpan(place, "coded", null));
  }
  known.set(place, held);
  return held;
}

function paintLayer(place, held) {
  const { layer, turns, codings, screen } = held;
  const nLanes = Number(getComputedStyle(place).getPropertyValue("--lanes")) || 3;
  const origin = turns.getBoundingClientRect().top;
  // All is measured before anything is changed.
  const shown = codings.map(({ shown: span }, index) => ({ index, ...measure(rangesOf(place, span), origin) }))
    .filter(({ top }) => top !== undefined);
  const focused = layer.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  const signs = layOut(shown, nLanes).map((at) => {
    const indexes = at.indexes.map((each) => shown[each].index);
    return indexes.length === 1 ? stripe(held, indexes[0], at) : sign(held, indexes, at);
  });
  layer.replaceChildren(...signs);
  const mine = signs.find((each) => each.dataset.of === String(screen.excerpt_id)) ?? signs[0];
  if (mine) mine.tabIndex = 0;
  if (focused) layer.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

function measure(ranges, origin) {
  const rects = [ranges[0], ranges.at(-1)].map((range) => range?.getBoundingClientRect());
  if (!rects[0]?.height) return {};
  return { top: rects[0].top - origin, bottom: rects[1].bottom - origin };
}

function stripe(held, index, at) {
  const { screen, codings } = held;
  const { guid, excerptId, shown } = codings[index];
  const says = sayCoding(screen, codings[index]);
  const button = make("button", {
    type: "button", class: "stripe", tabindex: "-1", title: says, "aria-label": says, "aria-haspopup": "dialog",
    "data-coding": index, "data-of": excerptId,
    "data-focus": `stripe-${guid}-${shown.start_char}-${shown.end_char}`,
  });
  settle(button, at, guid, codeOf(screen, guid).colour);
  button.addEventListener("click", (event) => open(held, index, button, event));
  return button;
}

function settle({ style }, { top, bottom, lane }, guid, colour) {
  style.setProperty("--top", `${top}px`);
  style.setProperty("--height", `${bottom - top}px`);
  style.setProperty("--at", lane);
  paintColour(style, guid, colour);
}

function paintColour(style, guid, colour) {
  if (colour) style.setProperty("--code", colour);
  else style.setProperty("--hue", hueOf(guid));
}

function open({ codings, onOpen }, index, button, event) {
  // The page takes the focus off whatever was clicked, and the dialog has it by then.
  event.stopPropagation();
  const { excerptId, guid, span } = codings[index];
  onOpen({ excerptId, guid, span, button });
}

// What finds no lane: a sign that opens a list of it.
function sign(held, indexes, at) {
  const says = t("{n} more codes here", { n: indexes.length });
  const [first] = indexes.map((index) => held.codings[index]);
  const button = make("button", {
    type: "button", class: "stripe is-more", tabindex: "-1", title: says, "aria-label": says, "aria-haspopup": "dialog",
    "data-focus": `stripe-more-${first.guid}-${first.shown.start_char}`,
  }, `+${indexes.length}`);
  settle(button, at, "", null);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    openList(held, indexes, button);
  });
  return button;
}

function openList(held, indexes, button) {
  const list = make("div", { class: "more-codes", popover: "auto", role: "dialog", "aria-label": button.title });
  const rows = indexes.map((index) => {
    const { guid } = held.codings[index];
    const row = make("button", { type: "button" }, make("span", { class: "bar-of", "aria-hidden": "true" }),
      sayCoding(held.screen, held.codings[index]));
    paintColour(row.style, guid, codeOf(held.screen, guid).colour);
    row.addEventListener("click", (event) => {
      list.hidePopover();
      open(held, index, button, event);
    });
    return row;
  });
  list.append(...rows);
  list.addEventListener("toggle", ({ newState }) => { if (newState === "closed") list.remove(); });
  list.addEventListener("keydown", (event) => {
    onKeyDown(event, list);
    event.stopPropagation();
  });
  document.body.append(list);
  list.showPopover();
  settleBeside(list, button);
  rows[0].focus();
}

// Puts what a stripe opens away from the words where there is room, else over them.
export function settleBeside(panel, button) {
  const { left, right, top } = button.getBoundingClientRect();
  const [width, height] = [panel.offsetWidth + GAP, panel.offsetHeight + GAP];
  const beside = right + width + GAP <= window.innerWidth ? right + GAP : left - width;
  panel.style.setProperty("--left", `${Math.max(GAP, beside)}px`);
  panel.style.setProperty("--top", `${Math.max(GAP, Math.min(top, window.innerHeight - height))}px`);
}

// One stop for Tab; within it arrows, which else go from excerpt to excerpt.
function onKeyDown(event, group) {
  const buttons = [...group.querySelectorAll("button")];
  const at = buttons.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (event.key === " " || event.key === "Enter") event.stopPropagation();
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const next = buttons[Math.max(0, Math.min(to, buttons.length - 1))];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next?.focus();
}
