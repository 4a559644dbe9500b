/** A number, with its unit beside it; comma, point and spaces are accepted as people write them. */

import { h } from "../dom.js";
import { word } from "../words.js";

export function build(fields, item) {
  const input = h("input", {
    class: "in short", id: "answer", type: "text", inputmode: "decimal", autocomplete: "off", maxlength: 40,
    "aria-describedby": "answer-hint", input: item.changed,
  });
  const unit = fields.unit ? h("span", { class: "soft" }, fields.unit) : null;
  return {
    element: h("div", { class: "gap" },
      h("label", { for: "answer" }, fields.label || word("your_answer")),
      h("div", { class: "row" }, input, unit),
      h("p", { class: "hint small", id: "answer-hint" }, word("number_hint")),
    ),
    missing: "write",
    read: () => input.value.trim() || null,
    write: (answer) => { input.value = answer; },
  };
}
