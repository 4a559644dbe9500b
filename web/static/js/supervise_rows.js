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

/** Seconds left now: what is left shrinks between two pieces of news while the clock runs. */
export const leftOf = (one, now) => (one.running && one.ends_at ? Math.max(0, one.ends_at - now) / 1000 : one.remaining_s);

const wholeMinutes = (seconds) => lasting(Math.ceil(seconds / 60) * 60);

function guardOf(one, { room }) {
  if (room.lockdown === "none") return "";
  return said(one.evidence[room.lockdown === "seb" ? "seb" : "extension"] ? "guarded" : "unguarded");
}

function detailOf(one, page, now) {
  const beyond = one.overtime_s && one.need !== "overtime" ? said("beyond", { time: lasting(one.overtime_s) }) : "";
  return reasonOf(one, page, now) + beyond;
}

function reasonOf(one, page, now) {
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
  const left = one.remaining_s === null ? "" : wholeMinutes(leftOf(one, now));
  if (one.ends_at) return said("ends", { time: hour(one.ends_at), left }) + extra + guardOf(one, page);
  if (left) return said("left", { time: left });
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
function below(one, page, { first, now, admit }) {
  const state = pill(one, page.looks);
  const detail = detailOf(one, page, now);
  if (one.need && !first) {
    const words = h("span", { class: "soft small" }, detail);
    return [h("span", { class: "sub2" }, state, " ", words), button(one, page, "line", admit)];
  }
  const running = one.state === "in_progress" && !one.need;
  const sub = h("span", { class: "soft sub" }, detail, running ? meter(one.answered) : null);
  return [state, sub, first ? button(one, page, "do wide", admit) : null];
}

/** The line of a candidate; `how`: whether it is the first, the server's time now, what admits. */
export function rowOf(one, page, how) {
  const link = h("a", { href: `${page.here}/candidates/${one.id}` }, ...named(one));
  return h(
    "li",
    { class: how.first ? "cand hot" : "cand", "data-candidate": one.id },
    h("span", { class: "plate mini" }, one.seat || "–"),
    h("b", {}, link),
    ...below(one, page, how),
  );
}
