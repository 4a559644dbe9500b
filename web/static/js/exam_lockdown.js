/**
 * What an exam page does for the lock-down of its machine: becomes the machine whose extension speaks here, asks the server
 * whether it is vouched for, and shows Safe Exam Browser's hashes again and again.
 *
 * What a page hears proves nothing: the server believes signatures alone. A page that is told "I am the extension" asks the server.
 */

import { request } from "./sender.js";

const said = JSON.parse(document.getElementById("lockdown").textContent);
const ASK_MS = 2000, CALM_MS = 10_000, PROOF_MS = 3000, SEB_MS = 50_000;

const show = (kind) => document.querySelectorAll("[data-lockdown]").forEach((line) => { line.hidden = line.dataset.lockdown !== kind; });
const quietly = (work) => work.catch(() => {}); // The server is restarting, or the cable is out: the next time is soon.

let claimed = false, hearing = false;

async function become(ticket) {
  if (claimed || said.passage || !/^[0-9a-f]{32}$/.test(ticket)) return;
  claimed = true;
  const { status, body } = await request("POST", "/api/v1/machines/claim", { ticket });
  if (status !== 200) claimed = false;
  else if (body.label !== said.label) location.reload();
}

async function ask(heard) {
  const { status, body } = await request("POST", `/api/v1/passages/${said.passage}/lockdown`, { heard });
  if (status === 200 && said.mode !== "none") show(body.vouched ? "there" : body.waived ? "waived" : "missing");
  return status === 200 && body.vouched;
}

/** Ask soon while nothing vouches for this machine, seldom once something does: a whole room waits at the same minute. */
async function keepAsking() {
  const calm = await quietly(ask(false));
  setTimeout(keepAsking, calm ? CALM_MS : ASK_MS);
}

/** Something says that it is the extension: unless the server soon hears its signature, the server is told so. */
async function hear() {
  if (hearing) return;
  hearing = true;
  await new Promise((done) => setTimeout(done, PROOF_MS));
  await ask(true).finally(() => { hearing = false; });
}

async function look() {
  const { status, body } = await request("GET", "/api/v1/machines/check");
  if (status === 200) show(body.proven ? "there" : "missing");
}

async function seb() {
  const { status, body } = await request("POST", `/api/v1/passages/${said.passage}/seb`, {});
  if (status === 200) await fetch(body.path, { credentials: "same-origin", cache: "no-store", redirect: "manual" });
}

addEventListener("message", ({ source, origin, data }) => {
  if (source !== window || origin !== location.origin || typeof data?.preau !== "string") return;
  if (data.preau === "ticket") quietly(become(String(data.ticket)));
  if (data.preau === "here" && data.proven && said.passage) quietly(hear());
});
window.postMessage({ preau: "ping" }, location.origin);

const prove = document.getElementById("seb-prove");
prove?.addEventListener("click", async () => {
  const { status, body } = await request("POST", `/api/v1/passages/${said.passage}/seb`, {});
  if (status === 200) location.assign(body.path);
});

if (said.page === "check") setInterval(() => quietly(look()), ASK_MS);
if (said.page === "wait" && said.mode !== "none") keepAsking();
if (said.page === "question" && said.mode === "seb") {
  quietly(seb());
  setInterval(() => quietly(seb()), SEB_MS);
}
