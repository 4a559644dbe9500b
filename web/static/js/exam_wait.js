/** The page of a candidate who waits: it moves on by itself when the supervisor has decided. */

import { follow } from "./exam_live.js";

const page = JSON.parse(document.getElementById("page").textContent);

function moveOn() {
  const start = document.getElementById("start");
  if (start) start.requestSubmit();
  else location.assign(page.here);
}

if (document.getElementById("start")) moveOn();
else follow(page, { heard: { changed: () => location.assign(page.here), over: () => location.assign(page.here) }, epoch: () => 0, back: () => {} });
