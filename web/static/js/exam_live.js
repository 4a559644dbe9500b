/**
 * The thread between a candidate's page and the server: the server ticks, the page answers each tick.
 *
 * Ticks come with the stream, which no browser slows down in a hidden window, so that silence means what it says. A page
 * that could not hear says for how long; the server believes it no further than its own silence.
 */

import { request } from "./sender.js";

const LATE_MS = 10_000;
const GIVE_UP_MS = 20_000;

/** Listen; `heard` has a function for each event, `epoch()` gives the page's, `back(seconds)` what was given back. */
export function follow(page, { heard, epoch, back }) {
  let last = performance.now();
  let stream = null;
  let tied = false;

  async function beat() {
    const gap = performance.now() - last;
    last = performance.now();
    const body = { epoch: epoch() ?? 0, cut_ms: gap > LATE_MS ? Math.round(gap) : 0 };
    try {
      const reply = await request("POST", `${page.api}/beat`, body);
      if (reply.status === 200 && reply.body.given_back > 0) back(reply.body.given_back);
      if (reply.status !== 200) last -= gap;
    } catch {
      last -= gap; // Not heard: the loss goes on.
    }
  }

  function open() {
    stream = new EventSource(page.live);
    stream.addEventListener("tick", beat);
    // What was said while nobody heard is not said again: a thread tied anew asks where the passage stands.
    stream.addEventListener("open", () => {
      if (tied) heard.changed();
      tied = true;
    });
    for (const [name, act] of Object.entries(heard)) {
      stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
    }
  }

  open();
  // Half a connection is none: a stream that says nothing any more is opened again.
  setInterval(() => {
    if (performance.now() - last < GIVE_UP_MS && stream.readyState !== EventSource.CLOSED) return;
    stream.close();
    open();
  }, GIVE_UP_MS / 2);
}
