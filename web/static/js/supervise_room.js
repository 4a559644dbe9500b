// The room, live: a snapshot when the stream opens, then each candidate who moves; polled when no stream gets through.

import { h, icon } from "./dom.js";
import { showDisk } from "./supervise_disk.js";
import { GROUPS, grouped, leftOf, rowOf } from "./supervise_rows.js";
import { act, ask, refusalOf } from "./supervise_send.js";
import { hour, said } from "./supervise_words.js";

const POLL_MS = 3000;
const SOON_MS = 300;
const MINUTES_MS = 15_000; // the time left is in whole minutes
const STALE_MS = 10_000;
const UNDO_MS = 20_000;

const page = JSON.parse(document.getElementById("page").textContent);
const byId = (id) => document.getElementById(id);
const known = new Map();
const drawn = new Map();
const title = document.title;
let needed = 0;
let heard = performance.now();
let due = false;
let ahead = 0; // what the server's clock is ahead of this phone's, in milliseconds

function keep(room) {
  ahead = room.now_ms - Date.now();
  known.clear();
  for (const one of room.candidates) known.set(one.id, one);
  showDisk(room.disk);
}

/** Draw what changed, once a frame; a line nobody touched stays, with the focus that may be in it. */
function draw() {
  due = false;
  const groups = grouped(known.values(), page.needs);
  for (const name of GROUPS) {
    const list = byId(name);
    const rows = groups[name].map((one, index) => line(one, name === "now" && index === 0));
    if (rows.length !== list.children.length || rows.some((row, index) => row !== list.children[index])) {
      const focused = document.activeElement;
      list.replaceChildren(...rows);
      if (focused?.isConnected && focused !== document.body) focused.focus();
    }
    const section = document.querySelector(`[data-group="${name}"]`);
    if (section) section.hidden = rows.length === 0;
  }
  byId("nobody").hidden = groups.now.length > 0;
  const many = (need) => groups.now.filter((one) => one.need === need).length > 1;
  byId("many").hidden = !many("waiting");
  byId("all-stopped").hidden = !many("extension_missing");
  count("going", [...known.values()].filter((one) => one.running).length);
  count("now", groups.now.length);
  tell(groups.now.length);
  count("over", groups.over.length);
  count("all", known.size);
  const ends = Math.max(0, ...[...known.values()].map((one) => one.ends_at ?? 0));
  count("end", ends ? hour(ends) : "");
  document.querySelector("[data-count=end]").parentElement.hidden = !ends;
}

function line(one, first) {
  const now = Date.now() + ahead;
  const key = JSON.stringify([one, first, Math.ceil((leftOf(one, now) ?? 0) / 60)]);
  const before = drawn.get(one.id);
  if (before?.key === key) return before.row;
  const row = rowOf(one, page, { first, now, admit });
  drawn.set(one.id, { key, row });
  return row;
}

/** Say how many need somebody, in the tab's title and, when one more does, aloud. */
function tell(needing) {
  document.title = needing ? `(${needing}) ${title}` : title;
  if (needing > needed) byId("said").textContent = said("needs", { count: needing });
  needed = needing;
}

function count(name, value) {
  for (const place of document.querySelectorAll(`[data-count="${name}"]`)) place.textContent = String(value);
}

function refresh() {
  heard = performance.now();
  byId("fresh").textContent = said("live");
  if (due) return;
  due = true;
  requestAnimationFrame(draw);
}

function flash(kind, drawing, words, undo) {
  const back = undo ? h("button", { class: "btn bare", type: "button", click: undo }, said("undo")) : null;
  const box = h("div", { class: `say ${kind}` }, icon(drawing), h("div", {}, h("b", {}, words), " ", back));
  byId("flash").replaceChildren(box);
  if (undo) setTimeout(() => box.remove(), UNDO_MS);
}

async function admit(one) {
  const said_of = { name: `${one.last_name} ${one.first_name}` };
  const refused = refusalOf(await act(page, `${page.api}/acts`, { act: "admit", candidates: [one.id] }));
  if (refused) return location.assign(`${page.here}?refused=${encodeURIComponent(refused)}`);
  flash("ok", "check", said("admitted", said_of), () => cancel(one));
}

async function cancel(one) {
  const refused = refusalOf(await act(page, `${page.api}/acts`, { act: "cancel_admission", candidates: [one.id] }));
  if (refused) return location.assign(`${page.here}?refused=${encodeURIComponent(refused)}`);
  flash("info", "check", said("cancelled", { name: `${one.last_name} ${one.first_name}` }));
}

/** A report that its candidate took back leaves the list: say so, or it would seem to have been ruled on. */
function tellTakenBack(one) {
  const { number } = one.taken_back.at(-1);
  flash("info", "flag", said("taken_back", { name: `${one.last_name} ${one.first_name}`, number }));
}

async function phones() {
  const { status, body } = await ask(`${page.api}/supervisors`);
  if (status !== 200) return;
  const asking = body.supervisors.filter((one) => one.status === "asking").length;
  const link = () => h("a", { class: "btn line wide", href: `${page.here}/phones` }, icon("people"), said("phones", { count: asking }));
  byId("phones-asking").replaceChildren(...(asking ? [h("p", {}, link())] : []));
}

/** Look at the whole room: when no stream gets through, and to learn why it ended. */
async function look() {
  const { status, body } = await ask(`${page.api}/room`);
  if (status === 200) {
    keep(body);
    refresh();
  } else if (status >= 400 && status < 500) {
    location.reload(); // revoked, or the session is over: the page says which
  } else {
    byId("fresh").textContent = said("lost_at", { time: hour(Date.now()) });
  }
}

function listen() {
  const stream = new EventSource(page.live);
  const on = (name, react) => stream.addEventListener(name, (event) => react(JSON.parse(event.data)));
  on("snapshot", (room) => (keep(room), refresh()));
  on("candidate", (one) => {
    const before = known.get(one.id)?.taken_back.length ?? 0;
    known.set(one.id, one);
    if (one.taken_back.length > before) tellTakenBack(one);
    refresh();
  });
  on("supervisors", phones);
  on("disk", ({ level }) => showDisk(level));
  on("closed", () => location.reload());
  stream.addEventListener("error", () => setTimeout(look, SOON_MS)); // a stream that fell behind is opened again by itself
  setInterval(draw, MINUTES_MS);
  setInterval(() => {
    if (stream.readyState === EventSource.OPEN && performance.now() - heard < STALE_MS) return;
    look();
    if (stream.readyState === EventSource.CLOSED) listenAgain(stream);
  }, POLL_MS);
}

function listenAgain(stream) {
  stream.close();
  const again = new EventSource(page.live);
  again.onopen = () => location.reload();
  again.onerror = () => again.close();
}

// What was done a while ago is news no more; a refusal stays until it is read.
setTimeout(() => document.querySelector("#flash > .say.ok")?.remove(), UNDO_MS);
keep(page.room);
listen();
