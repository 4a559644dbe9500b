// Who supervises, live: looked at again every two seconds; the square is made anew before its minute is over.

import { act, refusalOf, tell } from "./supervise_send.js";
import { said } from "./supervise_words.js";

const EVERY_MS = 2000;
const EARLY_S = 5;

const page = JSON.parse(document.getElementById("page").textContent);
const byId = (id) => document.getElementById(id);
let shown = false;
let alarm = 0;

/** Put the newest list in place, unless somebody is in the middle of it. */
async function look() {
  try {
    const reply = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store" });
    if (reply.redirected || reply.status === 401 || reply.status === 403) return location.reload();
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("phones-live");
    const old = byId("phones-live");
    if (fresh && fresh.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
      old.replaceWith(document.adoptNode(fresh));
      bind();
      if (shown) square(); // somebody has used the one on the screen
    }
  } catch {
    // The server is restarting, or the Wi-Fi is out: the next look is soon.
  }
  setTimeout(look, EVERY_MS);
}

function asked(form) {
  const data = new FormData(form);
  const address = `${page.api}/supervisors/${data.get("supervisor")}`;
  if (form.dataset.phone === "let_in") return [`${address}/let-in`, { number: data.get("number") }];
  return [`${address}/put-out`, {}];
}

/** Forms about phones are signed by this phone's own key, when it has one. */
function bind() {
  if (!page.signed) return;
  for (const form of document.querySelectorAll("#phones-live form[data-phone]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const refused = refusalOf(await act(page, ...asked(form)));
      const here = location.pathname;
      location.assign(refused ? `${here}?refused=${encodeURIComponent(refused)}` : `${here}?done=${form.dataset.phone}`);
    });
  }
}

async function square() {
  clearTimeout(alarm);
  if (document.hidden) return;
  const send = page.signed ? act(page, `${page.api}/tickets`, {}) : tell(`${page.api}/tickets`, {});
  const { status, body } = await send;
  if (status !== 200) return void (byId("square-state").textContent = said("lost"));
  const svg = byId("square-figure").querySelector("svg");
  svg.setAttribute("viewBox", `0 0 ${body.qr.size} ${body.qr.size}`);
  svg.querySelector("path").setAttribute("d", body.qr.path);
  byId("square-figure").hidden = false;
  alarm = setTimeout(square, (body.seconds - EARLY_S) * 1000);
}

const form = byId("square-form");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  shown = true;
  form.hidden = true;
  square();
});
document.addEventListener("visibilitychange", () => shown && !document.hidden && square());
if (form && !byId("square-figure").hidden) shown = true;

bind();
setTimeout(look, EVERY_MS);
