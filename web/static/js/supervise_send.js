/** Requests of a supervisor's page: signed by this phone's key when it has one, one at a time. */

import { signed } from "./supervise_key.js";

const TIMEOUT_MS = 8000;

async function fetched(method, address, text, headers) {
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const reply = await fetch(address, {
      method,
      body: text,
      headers: text === undefined ? {} : { "Content-Type": "application/json", ...headers },
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    return { status: reply.status, body: await reply.json() };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(alarm);
  }
}

export const ask = (address) => fetched("GET", address);
export const tell = (address, body) => fetched("POST", address, JSON.stringify(body), {});

async function tellSigned(page, address, body) {
  const { status, body: fresh } = await ask("/api/v1/supervise/nonce");
  if (status !== 200) return { status, body: fresh };
  let headers;
  try {
    headers = await signed(page.session, address, body, { nonce: fresh.nonce, counter: fresh.counter + 1 });
  } catch {
    return { status: 403, body: { error: { code: "supervisor.no_key" } } };
  }
  return fetched("POST", address, JSON.stringify(body), headers);
}

let last = Promise.resolve();

/** Send an act; what another tab used meanwhile is asked for again, once. */
export function act(page, address, body) {
  const send = async () => {
    if (!page.signed) return tell(address, body);
    const first = await tellSigned(page, address, body);
    const code = first.body.error?.code;
    if (code !== "supervisor.stale" && code !== "supervisor.replayed") return first;
    return tellSigned(page, address, body);
  };
  last = last.then(send, send);
  return last;
}

/** What became of an act: "" when done, else the code of the refusal. */
export function refusalOf({ status, body }) {
  if (status === 0) return "lost";
  if (status !== 200) return body.error?.code ?? "lost";
  return body.done?.find((one) => one.code)?.code ?? "";
}
