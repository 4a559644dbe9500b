// Follows the reading of one file: asks how far it is, and shows the page again when there is something to decide.
// Without script the page reloads by itself; a lost answer never matters, the next one says as much.

import { words } from "./staff_words.js";

const EVERY = 700; // milliseconds between two questions
const PATIENT = 4000; // after a question without answer

const section = document.getElementById("import");
const said = document.getElementById("import-said");
const bar = section.querySelector(".meter rect");

async function ask() {
  let wait = EVERY;
  try {
    const reply = await fetch(`/api/v1/imports/${section.dataset.import}`, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(String(reply.status));
    const found = (await reply.json()).import;
    if (found.state !== "uploading" && found.state !== "uploaded") {
      location.reload();
      return;
    }
    bar.setAttribute("width", `${found.percent}%`);
    said.textContent = words.percent.replace("{count}", String(found.percent));
  } catch {
    wait = PATIENT;
  }
  setTimeout(ask, wait);
}

setTimeout(ask, EVERY);
