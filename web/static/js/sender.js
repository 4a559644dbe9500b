/**
 * Requests to the server, repeated until they get a real reply.
 *
 * A lost connection, a timeout, a busy or restarting server mean "again": soon at first, then every few seconds, with
 * some chance in the delay so that a whole room does not knock at once. Any other reply is final.
 */

const TIMEOUT_MS = 8000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 6000;
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/** One try: `{status, body}`, or a rejection when no reply came. */
export async function request(method, url, body, headers = {}) {
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const json = body !== undefined && !(body instanceof Blob);
    const reply = await fetch(url, {
      method,
      body: json ? JSON.stringify(body) : body,
      headers: json ? { "Content-Type": "application/json", ...headers } : headers,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: stop.signal,
    });
    return { status: reply.status, body: await reply.json(), retryAfter: Number(reply.headers.get("Retry-After")) };
  } finally {
    clearTimeout(alarm);
  }
}

export class Sender {
  /** `troubled(true)` is called at the first failure of a request, `troubled(false)` when a reply comes again. */
  constructor(troubled) {
    this.troubled = troubled;
    this.wake = () => {};
    const now = () => this.wake();
    addEventListener("online", now);
    addEventListener("pageshow", now);
    document.addEventListener("visibilitychange", now);
  }

  /** Send until a final reply comes; resolves with `{status, body}`. `make()` gives the body of each try. */
  async deliver(method, url, make = () => undefined) {
    for (let failures = 0; ; failures += 1) {
      let asked = 0;
      try {
        const reply = await request(method, url, await make());
        if (!AGAIN.has(reply.status)) {
          this.troubled(false);
          return reply;
        }
        asked = reply.retryAfter * 1000 || 0;
      } catch {
        // No reply, or a reply that is not ours: the same as a cut cable.
      }
      this.troubled(true);
      await this.#pause(Math.max(asked, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)));
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const alarm = setTimeout(resolve, milliseconds * (0.75 + Math.random() / 2));
      this.wake = () => {
        clearTimeout(alarm);
        resolve();
      };
    });
  }
}
