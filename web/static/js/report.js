/** Report a problem with the question shown: a category, a few words, sent until the server has them. */

import { byId } from "./dom.js";
import { showMessage } from "./view.js";
import { word } from "./words.js";

/** Prepare the dialogue; `send(category, text)` resolves with the server's reply. */
export function prepareReport(send) {
  const dialog = byId("report");
  const form = byId("report-form");
  byId("report-open").addEventListener("click", () => {
    form.reset();
    dialog.showModal();
  });
  byId("report-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = new FormData(form);
    dialog.close();
    showMessage("info", "flag", word("report_sending"));
    const reply = await send(values.get("category"), values.get("text"));
    if (reply.status === 200) showMessage("ok", "check", word("report_fact"), word("report_advice"));
    else showMessage("alert", "alert", reply.body.error?.message ?? word("report_refused"));
  });
}
