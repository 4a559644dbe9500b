/**
 * The time of a timed question, shown calmly: whole minutes, hidden by one press, said at 30, 10 and 5 minutes.
 *
 * The server measures; this is only a view of it. Past the end the answer is still taken, and the server says so.
 */

import { announce } from "./view.js";
import { byId } from "./dom.js";
import { word } from "./words.js";

const SAID_AT = [30, 10, 5, 1];
const HIDDEN = "preau-timer-hidden";
let ticking = null;

function show(minutes) {
  byId("timer-left").textContent = minutes > 0 ? word("minutes_left", { count: minutes }) : word("time_over");
}

/** Start showing `seconds` left, or hide the timer when the question has none. */
export function startTimer(seconds) {
  clearInterval(ticking);
  const place = byId("timer");
  place.hidden = seconds === null || seconds === undefined;
  if (place.hidden) return;
  place.open = localStorage.getItem(HIDDEN) !== "yes";
  const end = performance.now() + seconds * 1000;
  let last = null;
  const tick = () => {
    const minutes = Math.max(0, Math.ceil((end - performance.now()) / 60_000));
    if (minutes === last) return;
    if (last !== null && SAID_AT.includes(minutes)) announce(word("minutes_left", { count: minutes }));
    last = minutes;
    show(minutes);
  };
  tick();
  ticking = setInterval(tick, 1000);
}

byId("timer")?.addEventListener("toggle", (event) => {
  localStorage.setItem(HIDDEN, event.target.open ? "no" : "yes");
});
