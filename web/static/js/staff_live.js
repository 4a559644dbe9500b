// Follows one campaign: a snapshot when the stream opens, then one pupil at a time. Each message stands on its own,
// so a lost one never matters; the browser reconnects by itself and starts again from a snapshot.

import { rowOf, setRow, sortKey } from "./staff_rows.js";
import { counted, words } from "./staff_words.js";

const SPOKEN_EVERY = 5000; // milliseconds between two spoken counts, so that a busy class does not chatter

const section = document.getElementById("live");
const whole = "whole" in section.dataset; // a page of a longer list, or a filtered one, never grows nor shrinks by itself
const rows = document.getElementById("live-rows");
const state = document.getElementById("live-state");
const said = document.getElementById("live-said");

const collator = new Intl.Collator(document.documentElement.lang);
const known = new Map();
let spoken = 0;

function place(row) {
  const key = sortKey(row);
  const next = [...rows.children].find((other) => other !== row && collator.compare(sortKey(other), key) > 0);
  rows.insertBefore(row, next ?? null);
}

function show(pupil) {
  let row = rows.querySelector(`[data-participation="${CSS.escape(pupil.participation)}"]`);
  const isNew = !row;
  known.set(pupil.participation, pupil.status);
  if (isNew && !whole) return;
  row ??= rowOf(pupil.participation);
  setRow(row, pupil);
  if (isNew) place(row);
}

function count() {
  const counts = { started: 0, to_share: 0, shared: 0 };
  for (const status of known.values()) counts[status] += 1;
  const participants = known.size;
  for (const [name, value] of Object.entries({ ...counts, participants })) {
    for (const place of document.querySelectorAll(`[data-count="${name}"]`)) place.textContent = String(value);
  }
  draw(counts, participants);
  document.getElementById("live-empty").hidden = participants > 0;
  document.getElementById("live-table").hidden = rows.childElementCount === 0;
  speak();
}

function draw(counts, participants) {
  let start = 0;
  for (const arc of document.querySelectorAll("[data-arc]")) {
    const length = participants ? (100 * counts[arc.dataset.arc]) / participants : 0;
    arc.setAttribute("stroke-dasharray", `${length} ${100 - length}`);
    arc.setAttribute("stroke-dashoffset", String(-start));
    start += length;
  }
}

function sentence() {
  const shared = [...known.values()].filter((status) => status === "shared").length;
  return `${counted("said_participants", known.size)}, ${counted("said_received", shared)}`;
}

function speak() {
  if (spoken) return;
  if (said.textContent === "") said.textContent = sentence();
  spoken = setTimeout(() => {
    spoken = 0;
    said.textContent = sentence();
  }, SPOKEN_EVERY);
}

function snapshot(data) {
  known.clear();
  const here = new Set(data.participants.map((pupil) => pupil.participation));
  for (const row of [...rows.children]) if (whole && !here.has(row.dataset.participation)) row.remove();
  data.participants.forEach(show);
  count();
}

const stream = new EventSource(section.dataset.live);
stream.addEventListener("open", () => {
  state.textContent = words.live;
  state.classList.remove("lost");
});
stream.addEventListener("error", () => {
  state.textContent = words.lost;
  state.classList.add("lost");
});
stream.addEventListener("snapshot", (event) => snapshot(JSON.parse(event.data)));
stream.addEventListener("participation", (event) => {
  show(JSON.parse(event.data));
  count();
});
addEventListener("pagehide", () => stream.close());
