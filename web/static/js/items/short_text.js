/** A short text. */

import { h } from "../dom.js";
import { word } from "../words.js";

export function build(fields, item) {
  const input = h("input", {
    class: "in", id: "answer", type: "text", autocomplete: "off", spellcheck: "false", maxlength: 200, input: item.changed,
  });
  return {
    element: h("div", { class: "gap" }, h("label", { for: "answer" }, fields.label || word("your_answer")), input),
    missing: "write",
    read: () => input.value.trim() || null,
    write: (answer) => { input.value = answer; },
  };
}
