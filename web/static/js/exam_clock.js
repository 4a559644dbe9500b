/**
 * The candidate's time in the roof: whole minutes, hidden by one press, said at 30, 10, 5 and 1 minutes and when it is over,
 * never each second.
 *
 * The server keeps the time; this is only a view of what it last said. While something stops the candidate it stands still.
 * Beyond the end nobody is cut off: the supervisor ends the test, and the page says by how much the time is over.
 */

import { byId } from "./dom.js";
import { announce, showMessage } from "./view.js";
import { word } from "./words.js";

const SAID_AT = [30, 10, 5, 1];
const HIDDEN = "preau-timer-hidden";
let ticking = null;
let last = null;

function wordsFor(minutes, beyond, running) {
  if (minutes > 0) return running ? word("minutes_left", { count: minutes }) : word("time_stopped", { left: word("minutes_left", { count: minutes }) });
  const over = beyond > 0 ? word("time_over_by", { count: beyond }) : word("time_over");
  return running ? over : word("time_over_stopped", { over });
}

function show(seconds, running) {
  const minutes = Math.max(0, Math.ceil(seconds / 60));
  const crossed = running && minutes < (last ?? 1);
  if (crossed && last !== null && SAID_AT.includes(minutes)) announce(word("minutes_left", { count: minutes }));
  if (crossed && minutes === 0) showMessage("wait", "info", word("time_over"), word("time_over_advice"));
  last = minutes;
  byId("timer-left").textContent = wordsFor(minutes, Math.floor(-seconds / 60), running);
}

/** Show a clock of the server: `{left, running, over}` in seconds. */
export function showClock({ left, running, over }) {
  clearInterval(ticking);
  const place = byId("timer");
  place.hidden = false;
  place.open = localStorage.getItem(HIDDEN) !== "yes";
  const seconds = left - over;
  const end = performance.now() + seconds * 1000;
  show(seconds, running);
  if (running) ticking = setInterval(() => show((end - performance.now()) / 1000, true), 1000);
}

byId("timer")?.addEventListener("toggle", (event) => {
  localStorage.setItem(HIDDEN, event.target.open ? "no" : "yes");
});
