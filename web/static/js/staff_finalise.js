// Finalising with a key of one's own: this browser makes it once, keeps it, and signs what the server says the record will hold.
// Where it cannot, the form goes as it is, and the record says that the printed report is signed by hand.

import { canKeepKeys, keepKey, keyOf, makeKey, signText } from "./supervise_key.js";
import { tell } from "./supervise_send.js";

const page = JSON.parse(document.getElementById("signing-page").textContent);
const form = document.getElementById("said");
const told = document.getElementById("signing");
const refused = document.getElementById("signing-refused");
const NAME = `principal:${page.person}`;
const AGAIN = new Set(["finalisation.changed", "finalisation.too_late"]);

/** What the form says, as the API takes it. */
function saidIn(data) {
  const reasons = {};
  for (const [name, value] of data) if (name.startsWith("reason-") && value) reasons[name.slice(7)] = value;
  return {
    reasons,
    comment: String(data.get("comment") ?? "").replace(/\r\n/g, "\n"),
    has_incident: data.has("has_incident"),
    has_joining_issue: data.has("has_joining_issue"),
  };
}

/** This browser's key, made the first time; null where it can make or keep none. */
async function ownKey() {
  if (!canKeepKeys()) return null;
  try {
    const known = await keyOf(NAME);
    if (known) return known;
    await keepKey(NAME, await makeKey());
    return await keyOf(NAME);
  } catch {
    return null;
  }
}

/** Say what goes on, or why it does not. */
function say(text, wrong = false) {
  const place = wrong ? refused : told;
  told.hidden = wrong;
  refused.hidden = !wrong;
  place.querySelector("b").textContent = text;
  place.scrollIntoView({ block: "nearest" });
}

/** Ask what to sign, sign it, hand it in; what became of it. */
async function signed(said, key) {
  const asked = await tell(`${page.api}/finalisation/statement`, {
    ...said,
    algorithm: key.algorithm,
    public_key: key.publicKey,
  });
  if (asked.status !== 200) return asked;
  const signature = await signText(NAME, "preau.principal.v1", asked.body.statement);
  return tell(`${page.api}/finalisation`, { ...said, signature });
}

/** Send the form as it is, by the button that finalises. */
function asItIs(button) {
  form.dataset.plain = "1";
  form.requestSubmit(button);
}

async function finalise(button) {
  const said = saidIn(new FormData(form));
  const key = await ownKey();
  if (!key) return asItIs(button);
  say(page.words.signing);
  let done = await signed(said, key);
  if (AGAIN.has(done.body.error?.code)) done = await signed(said, key);
  if (done.status === 200) return location.replace(location.pathname);
  say(done.body.error?.message ?? page.words.lost, true);
  const wrong = done.body.error?.field && document.getElementById(done.body.error.field);
  if (wrong) {
    wrong.setAttribute("aria-invalid", "true");
    wrong.focus();
  }
  return delete form.dataset.sending;
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.value !== "finalise" || form.dataset.plain) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  finalise(event.submitter).catch(() => {
    say(page.words.lost, true);
    delete form.dataset.sending;
  });
});
