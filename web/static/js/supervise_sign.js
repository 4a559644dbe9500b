// Signing the report of a closed session with this phone's key.

import { act, refusalOf } from "./supervise_send.js";

const page = JSON.parse(document.getElementById("page").textContent);
const button = document.getElementById("sign");
const told = document.getElementById("signing");

if (button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const reply = await act(page, `${page.api}/signature`, { head: page.head });
    if (!refusalOf({ ...reply, body: { ...reply.body, done: [] } })) return location.reload();
    told.hidden = false;
    told.textContent = reply.body.error?.message ?? page.words.lost;
    button.disabled = false;
  });
}
