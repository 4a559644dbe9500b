/**
 * The door: says the code of this machine, goes on by itself when a supervisor sends a passage here, and hands over what a
 * passage that went elsewhere left in this browser.
 */

import { offerKept } from "./exam_kept.js";
import { request } from "./sender.js";

const EVERY_MS = 3000;
let offered = false;

async function look() {
  try {
    const { status, body } = await request("GET", "/api/v1/machines/here");
    if (status !== 200) return;
    document.getElementById("machine-code").textContent = `${body.code.slice(0, 4)} ${body.code.slice(4)}`;
    if (!offered) await offer();
    if (body.moved) location.assign("/exam/take");
  } catch {
    // The server is restarting, or the cable is out: the next look is soon.
  }
}

/** Once: what this browser kept is handed over, and the person is told. */
async function offer() {
  document.getElementById("kept").hidden = (await offerKept()) === 0;
  offered = true;
}

/** Draw this machine's square, when somebody asks for it. */
async function draw() {
  const { status, body } = await request("GET", "/api/v1/machines/square");
  if (status !== 200) return;
  const svg = document.querySelector("#machine-square svg");
  svg.setAttribute("viewBox", `0 0 ${body.qr.size} ${body.qr.size}`);
  svg.querySelector("path").setAttribute("d", body.qr.path);
  svg.removeAttribute("hidden");
}

const square = document.getElementById("machine-square");
square.addEventListener("toggle", () => square.open && draw().catch(() => null));

look();
setInterval(look, EVERY_MS);
