/**
 * The candidate's time in the roof: whole minutes, hidden by one press, said at 30, 10 and 5 minutes, never each second.
 *
 * The server keeps the time; this is only a view of what it last said. While something stops the candidate it stands still.
 */

import { byId } from "./dom.js";
import { announce } from "./view.js";
import { word } from "./words.js";

const SAID_AT = [30, 10, 5, 1];
const HIDDEN = "preau-timer-hidden";
let ticking = null;
let last = null;

function show(seconds, running) {
  const minutes = Math.max(0, Math.ceil(seconds / 60));
  if (running && last !== null && minutes < last && SAID_AT.includes(minutes)) announce(word("minutes_left", { count: minutes }));
  last = minutes;
  const words = minutes > 0 ? word("minutes_left", { count: minutes }) : word("time_over");
  byId("timer-left").textContent = running ? words : word("time_stopped", { left: words });
}

/** Show a clock of the server: `{left, running, over}` in seconds. */
export function showClock({ left, running }) {
  clearInterval(ticking);
  const place = byId("timer");
  place.hidden = false;
  place.open = localStorage.getItem(HIDDEN) !== "yes";
  const end = performance.now() + left * 1000;
  show(left, running);
  if (running) ticking = setInterval(() => show((end - performance.now()) / 1000, true), 1000);
}

byId("timer")?.addEventListener("toggle", (event) => {
  localStorage.setItem(HIDDEN, event.target.open ? "no" : "yes");
});
