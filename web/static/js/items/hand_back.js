/** A file made by the pupil, sent back: it is read by the server at once, and the answer is the name of what it kept. */

import { h, icon } from "../dom.js";
import { word } from "../words.js";

const LARGEST = 2_000_000;

export function build(fields, item) {
  let sent = null;
  const state = h("p", { class: "hint", role: "status" });
  const input = h("input", { class: "in", id: "answer", type: "file", accept: fields.accept.join(","), "aria-describedby": "answer-hint" });

  function say(text, refused = false) {
    state.className = refused ? "err" : "hint";
    state.replaceChildren(icon(refused ? "alert" : "check"), ` ${text}`);
  }

  input.addEventListener("change", async () => {
    sent = null;
    item.changed();
    const file = input.files[0];
    if (!file) return;
    if (file.size > LARGEST) {
      say(word("file_too_large"), true);
      return;
    }
    state.textContent = word("file_sending");
    const reply = await item.upload(file);
    if (reply.status === 200 && reply.body.upload) {
      sent = { upload: reply.body.upload };
      say(word("file_received", { name: file.name }));
    } else {
      say(reply.body.error?.message ?? word("file_refused"), true);
    }
    item.changed();
  });

  return {
    element: h("div", { class: "gap" },
      h("label", { for: "answer" }, fields.label || word("file_label")), input,
      h("p", { class: "hint small", id: "answer-hint" }, word("file_hint", { accept: fields.accept.join(", ") })), state,
    ),
    missing: "hand_back",
    read: () => sent,
    write: (answer) => {
      sent = answer;
      say(word("file_kept"));
    },
  };
}
