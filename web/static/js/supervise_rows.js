// The lines of the room, made from what the server says of each candidate: who needs somebody first, then by seat.

import { h, hidden, icon } from "./dom.js";
import { hour, lang, lasting, said } from "./supervise_words.js";

const TOTAL = 32;
const BEFORE = new Set(["registered", "checked_in", "admitted"]);
const collator = new Intl.Collator(lang, { numeric: true });
const percent = (value) => (lang === "fr" ? `${value}\u202f%` : `${value}%`);

export const GROUPS = ["now", "going", "before", "over"];

export function groupOf(one) {
  if (one.need) return "now";
  if (one.state === "ended" || one.state === "absent") return "over";
  return BEFORE.has(one.state) ? "before" : "going";
}

/** Everyone by group, each in its order. */
export function grouped(everyone, needs) {
  const groups = Object.fromEntries(GROUPS.map((name) => [name, []]));
  const names = (one) => `${one.last_name} ${one.first_name}`;
  const seat = (one) => one.seat || "~";
  for (const one of [...everyone].sort((a, b) => collator.compare(seat(a), seat(b)) || collator.compare(names(a), names(b)))) {
    groups[groupOf(one)].push(one);
  }
  groups.now.sort((a, b) => needs.indexOf(a.need) - needs.indexOf(b.need));
  return groups;
}

function detailOf(one) {
  switch (one.need) {
    case "alert":
      return said("alert", { number: one.alert });
    case "silent":
      return said("silent", { time: lasting(one.silent_s) });
    case "leftover":
      return said("leftover", { count: one.leftovers });
    case "resume_asked":
      return said("asking", { seat: one.asking });
    case "overtime":
      return said("overtime", { time: lasting(one.overtime_s) });
  }
  if (one.state === "ended") return said("ended", { count: one.answered });
  const extra = one.extra_percent ? said("extra", { percent: percent(one.extra_percent) }) : "";
  if (one.ends_at) return said("ends", { time: hour(one.ends_at) }) + extra;
  if (one.remaining_s !== null) return said("left", { time: lasting(one.remaining_s) });
  return one.division ?? "";
}

function meter(answered) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  svg.setAttribute("class", "meter thin");
  svg.setAttribute("aria-hidden", "true");
  bar.setAttribute("width", `${Math.floor((100 * answered) / TOTAL)}%`);
  bar.setAttribute("height", "100%");
  svg.append(bar);
  return svg;
}

function pill(one, looks) {
  const look = one.need || one.state;
  const [kind, drawing] = looks[look];
  const words = look === "in_progress" ? `${one.number} / ${TOTAL}` : said(`state_${look}`);
  const hard = look === "alert" ? " hard" : "";
  return h("span", { class: `pill ${kind}${hard}` }, icon(drawing), h("span", {}, words));
}

const named = (one) => [h("span", { class: "upper" }, one.last_name), ` ${one.first_name}`];

/** The button of a line: admitting is done at once, anything else is looked at first. */
function button(one, page, kind, admit) {
  const name = hidden(` ${one.last_name} ${one.first_name}`);
  if (one.need === "waiting") {
    return h("button", { class: `btn ${kind}`, type: "button", click: () => admit(one) }, said("go_waiting"), name);
  }
  const address = `${page.here}/candidates/${one.id}`;
  return h("a", { class: `btn ${kind}`, href: address }, said(`go_${one.need}`), name);
}

/** What stands under the name: words alone, or the pill with them beside a button. */
function below(one, page, first, admit) {
  const state = pill(one, page.looks);
  const detail = detailOf(one);
  if (one.need && !first) {
    const words = h("span", { class: "soft small" }, detail);
    return [h("span", { class: "sub2" }, state, " ", words), button(one, page, "line", admit)];
  }
  const running = one.state === "in_progress" && !one.need;
  const sub = h("span", { class: "soft sub" }, detail, running ? meter(one.answered) : null);
  return [state, sub, first ? button(one, page, "do wide", admit) : null];
}

/** The line of a candidate. */
export function rowOf(one, page, first, admit) {
  const link = h("a", { href: `${page.here}/candidates/${one.id}` }, ...named(one));
  return h(
    "li",
    { class: first ? "cand hot" : "cand", "data-candidate": one.id },
    h("span", { class: "plate mini" }, one.seat || "–"),
    h("b", {}, link),
    ...below(one, page, first, admit),
  );
}
