/**
 * The line to the server: open while an exam page is, it answers each question of the server with a signed statement.
 *
 * The server notices at once when the line breaks, so that nothing has to be said every second.
 */

import { signer } from "./statement.js";

const AGAIN_MS = [200, 400, 800, 1500];
const PROTOCOL = 1;

export class Line {
  #socket = null;
  #sign = null;
  #tries = 0;
  #nonce = "";
  #count = 0;
  #wanted = false;
  #turn = Promise.resolve();

  /** `facts()` gives the passage and what is seen; `heard(message)` is told what the server says. */
  constructor(found, { facts, heard }) {
    this.found = found;
    this.facts = facts;
    this.heard = heard;
  }

  async open() {
    this.#wanted = true;
    this.#sign ??= await signer(this.found.key);
    if (this.#socket || !this.#wanted) return;
    const socket = new WebSocket(`${this.found.server.replace(/^http/, "ws").replace(/\/$/, "")}/live/lockdown`);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = () => this.#again(socket);
  }

  close() {
    this.#wanted = false;
    this.#socket?.close();
  }

  /**
   * Say what is seen, now: it changed. Nothing before the server's first question.
   *
   * One statement at a time: two signed at once may end in the other order, and the server takes the late one for a replay.
   */
  say() {
    this.#turn = this.#turn.then(() => this.#speak()).catch((problem) => console.warn("Préau: not said", problem));
    return this.#turn;
  }

  async #speak() {
    if (!this.#nonce || this.#socket?.readyState !== WebSocket.OPEN) return;
    const socket = this.#socket;
    const { passage, facts } = await this.facts();
    const text = await this.#sign({
      protocol: PROTOCOL,
      nonce: this.#nonce,
      count: this.#count++,
      machine: this.found.machine,
      version: chrome.runtime.getManifest().version,
      browser: (navigator.userAgent.match(/(Chrome|Firefox)\/[\d.]+/) ?? ["?"])[0],
      passage,
      facts,
    });
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
  }

  async #take(message) {
    if (message.type === "ask") {
      this.#nonce = message.nonce;
      await this.say();
    } else {
      if (message.type === "proven") this.#tries = 0;
      this.heard(message);
    }
  }

  #again(socket) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#nonce = "";
    this.heard({ type: "cut" });
    if (!this.#wanted) return;
    setTimeout(() => this.open(), AGAIN_MS[Math.min(this.#tries++, AGAIN_MS.length - 1)]);
  }
}
