// The page behind a square: makes this phone's key, shows the number to compare, and goes in when somebody has compared it.

import { canKeepKeys, keepKey, makeKey, numberOf } from "./supervise_key.js";
import { ask, tell } from "./supervise_send.js";
import { said } from "./supervise_words.js";

const EVERY_MS = 1000;
const TRIAL = "trial";
const REMEMBERED = "preau-asking"; // the number shown, so that a reload shows it again

const byId = (id) => document.getElementById(id);

function explain(why) {
  byId("asking").hidden = true;
  for (const part of document.querySelectorAll("[data-why]")) part.hidden = part.dataset.why !== why;
}

function show(number) {
  byId("asking").hidden = false;
  byId("number").textContent = `${number.slice(0, 3)} ${number.slice(3)}`;
}

/** Wait to be let in; a look that fails is followed by another. */
async function wait() {
  const { status, body } = await ask("/api/v1/supervise/me");
  if (status === 200 && body.status === "in") return location.replace(`/supervise/${body.session}`);
  if (status === 200 && body.status !== "asking") return explain("refused");
  if (status === 401) return explain("bad_ticket");
  setTimeout(wait, EVERY_MS);
}

async function begin(ticket) {
  const key = await makeKey().catch(() => null);
  // Some private windows make keys and cannot keep them: better known before the ticket is used up.
  const kept = key && (await keepKey(TRIAL, key).then(() => true, () => false));
  if (!kept) return explain("no_crypto");
  const { status, body } = await tell("/api/v1/supervise/keys", {
    ticket,
    algorithm: key.algorithm,
    public_key: key.publicKey,
  });
  if (status !== 200) return explain(status === 0 ? "lost" : "bad_ticket");
  await keepKey(body.session, key);
  const number = await numberOf(key.publicKey, body.nonce);
  sessionStorage.setItem(REMEMBERED, number);
  show(number);
  wait();
}

async function start() {
  const ticket = location.hash.slice(1);
  history.replaceState(null, "", location.pathname); // the secret does not stay in the address
  if (ticket) return canKeepKeys() ? begin(ticket) : explain("no_crypto");
  const number = sessionStorage.getItem(REMEMBERED);
  if (!number) return explain("no_ticket");
  show(number);
  return wait();
}

byId("name-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { status } = await tell("/api/v1/supervise/name", { name: byId("name").value });
  byId("name-kept").textContent = said(status === 200 ? "name_kept" : "lost");
});

start();
addEventListener("hashchange", start); // another square, aimed at from this very page
