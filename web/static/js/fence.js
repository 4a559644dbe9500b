/**
 * One page at a time holds a sitting.
 *
 * The server decides, by epoch: a page that takes the sitting gets a greater one, and answers under an older epoch
 * are refused. Within one browser, tabs also talk to each other, so that a second tab asks before it takes.
 */

import { randomKey } from "./dom.js";

const ASK_MS = 150;

export class Fence {
  /** `lost()` is called when another tab of this browser takes the sitting. */
  constructor(participation, lost) {
    this.place = `preau-epoch-${participation}`;
    this.me = randomKey();
    this.epoch = null;
    this.lost = lost;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`preau-${participation}`) : null;
    this.channel?.addEventListener("message", (event) => this.#hear(event.data));
  }

  /** Whether another living tab of this browser holds the sitting now. */
  heldByAnotherTab() {
    if (!this.channel) return Promise.resolve(false);
    return new Promise((resolve) => {
      const alarm = setTimeout(() => resolve(false), ASK_MS);
      this.answer = () => {
        clearTimeout(alarm);
        resolve(true);
      };
      this.channel.postMessage({ ask: this.me });
    });
  }

  /** Go on with the epoch this tab had before a reload, if the server still has the same. */
  resume(current) {
    if (Number(sessionStorage.getItem(this.place)) !== current || current < 1) return false;
    this.epoch = current;
    return true;
  }

  /** Note that the server gave the sitting to this page, and tell the other tabs. */
  taken(epoch) {
    this.epoch = epoch;
    sessionStorage.setItem(this.place, String(epoch));
    this.channel?.postMessage({ taken: this.me });
  }

  /** Note that another page has it. */
  drop() {
    this.epoch = null;
    sessionStorage.removeItem(this.place);
  }

  #hear(message) {
    if (message.ask && message.ask !== this.me && this.epoch !== null) this.channel.postMessage({ held: message.ask });
    if (message.held === this.me) this.answer?.();
    if (message.taken && message.taken !== this.me && this.epoch !== null) {
      this.drop();
      this.lost();
    }
  }
}
