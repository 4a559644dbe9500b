/**
 * Requests to the server, repeated until they get a real reply.
 *
 * A lost connection, a timeout, a busy or restarting server mean "again": soon at first, then every few seconds, with
 * some chance in the delay so that a whole room does not knock at once. Any other reply is final, when it is one of
 * ours: what a portal or a proxy says in the server's place is the same as a cut cable.
 */

const TIMEOUT_MS = 8000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 6000;
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);
const TRIES = "preau-tries";
const TO_CORRECT = new Set([400, 413, 422]);

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

/**
 * Say what a refusal means for the answer to question `number`: `sign_in`, `elsewhere` (another page has the sitting),
 * `past` (the sitting is beyond that question), `correct` (it cannot be taken as it is) or `keep`. Only what is past
 * can never be taken: whatever else is said, somebody may still sign in, take the sitting back or correct the answer.
 */
export function meaningOf({ status, body }, number) {
  const { error, state } = body;
  if (status === 401) return "sign_in";
  if (error.code === "sitting.fenced") return "elsewhere";
  if (status === 409 && state && (state.state === "finished" || state.number > number)) return "past";
  return TO_CORRECT.has(status) ? "correct" : "keep";
}

/** Whether a reply is the server's own: what was asked for (`expected` says), or a refusal with its code. */
function isOurs({ status, body }, expected) {
  try {
    return status === 200 ? Boolean(expected(body)) : typeof body.error.code === "string";
  } catch {
    return false;
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

  /**
   * Send until a final reply comes; resolves with `{status, body}`. `make()` gives the body of each try, and
   * `expected(body)` says whether a 200 is what the server would answer.
   */
  async deliver(method, url, make = () => undefined, expected = () => true) {
    for (let failures = 0; ; failures += 1) {
      let asked = 0;
      try {
        const reply = await request(method, url, await make());
        if (!AGAIN.has(reply.status) && isOurs(reply, expected)) {
          this.troubled(false);
          return reply;
        }
        asked = reply.retryAfter * 1000 || 0;
      } catch {
        // No reply, or one that is not even JSON.
      }
      this.troubled(true);
      await this.#pause(Math.max(asked, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)));
    }
  }

  /**
   * Return one of our scripts. When it does not come, wait until `url` answers, then begin the page again where it
   * stands: some browsers never ask twice for a module.
   */
  async script(path, url) {
    const tries = Number(sessionStorage.getItem(TRIES));
    try {
      const module = await import(path);
      if (tries) sessionStorage.removeItem(TRIES);
      return module;
    } catch {
      await this.deliver("GET", url);
      if (tries) await this.#pause(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries));
      sessionStorage.setItem(TRIES, tries + 1);
      location.reload();
      return new Promise(() => {});
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
