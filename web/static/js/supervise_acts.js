// The forms of a supervisor's pages: what each asks is signed by this phone's key and sent to the API, then the page says
// what became of it. Also: the camera for a machine's square, and news about the candidate being looked at.

import { h } from "./dom.js";
import { act, refusalOf } from "./supervise_send.js";
import { lasting, said } from "./supervise_words.js";

const page = JSON.parse(document.getElementById("page").textContent);
const NUMBERS = new Set(["number", "minutes", "credit"]);
const MINUTE_MS = 60_000;
const LEFT_OUT = new Set(["token", "next", "confirm", "candidate"]);

/** What a form asks, as the API takes it. */
function bodyOf(form) {
  const data = new FormData(form);
  const body = {};
  for (const [name, value] of data) {
    if (LEFT_OUT.has(name) || value === "") continue;
    body[name] = NUMBERS.has(name) ? Number(value) : name === "taken" ? value === "true" : value;
  }
  const candidates = data.getAll("candidate").filter((one) => one !== "");
  if (candidates.length) body.candidates = candidates;
  return body;
}

async function send(form) {
  const body = bodyOf(form);
  const refused = refusalOf(await act(page, `${page.api}/acts`, body));
  const next = new FormData(form).get("next");
  const who = body.candidates?.length === 1 ? body.candidates[0] : "";
  location.assign(refused ? `${next}?refused=${encodeURIComponent(refused)}` : `${next}?done=${body.act}&who=${who}`);
}

for (const form of document.querySelectorAll("form[data-act]")) {
  form.addEventListener("submit", (event) => {
    if (!page.signed && !page.api) return;
    event.preventDefault();
    if (form.dataset.sending) return; // a second press says nothing more
    form.dataset.sending = "1";
    const many = form.querySelectorAll("input[type=checkbox][name=candidate]");
    if (many.length && ![...many].some((one) => one.checked)) return void delete form.dataset.sending;
    send(form).catch(() => delete form.dataset.sending);
  });
}

for (const button of document.querySelectorAll("[data-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const one of button.form.querySelectorAll("input[name=candidate]")) one.checked = true;
  });
}

// Common reasons are one touch away: a list under a field is hard to find on a phone.
for (const input of document.querySelectorAll("input[name=reason][list]")) {
  const words = [...input.list.options].map((one) => one.value);
  const choose = (value) => h("button", { class: "btn line flat", type: "button", click: () => { input.value = value; } }, value);
  input.after(h("div", { class: "row chips" }, ...words.map(choose)));
  input.removeAttribute("list");
}

// A square's code comes after the #, where no server sees it.
if (location.hash.length > 1 && document.getElementById("machine")) {
  const code = decodeURIComponent(location.hash.slice(1));
  if (/^[A-Z0-9]{8}$/.test(code)) document.getElementById("machine").value = code;
}

if (document.getElementById("scan")) import("./supervise_scan.js").then(({ offerScan }) => offerScan(said));

/** The time left goes on between two pieces of news. */
function followTime({ running, remaining_s: left, overtime_s: over }) {
  const began = performance.now();
  if (running) setInterval(() => {
    const now = left - over - (performance.now() - began) / 1000;
    document.getElementById("left").textContent = now > 0 ? lasting(Math.ceil(now / 60) * 60) : said("over", { time: lasting(Math.ceil(-now / 60) * 60) });
  }, MINUTE_MS / 4);
}

/** What else happens to this candidate: the page is shown anew, unless somebody is writing in it. */
if (page.candidate) {
  const facts = (one) => JSON.stringify([one.state, one.stopped, one.called, one.alert, one.asking, one.leftovers, one.taken_back, one.acts]);
  const stream = new EventSource(page.live);
  stream.addEventListener("candidate", (event) => {
    const one = JSON.parse(event.data);
    if (one.id !== page.candidate.id || facts(one) === facts(page.candidate)) return;
    if (document.querySelector("form[data-sending]")) return;
    const written = [...document.querySelectorAll("input[name=reason]")].some((input) => input.value);
    const busy = written || document.querySelector("details[open], input:checked, textarea:focus, input:focus");
    if (!busy) return location.replace(location.pathname);
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = said("moved_on");
    document.getElementById("moved-on").replaceChildren(link);
  });
  addEventListener("pagehide", () => stream.close());
  followTime(page.candidate);
}
