/** Drop-down lists inside a text. */

import { h } from "../dom.js";
import { word } from "../words.js";
import { build as buildHoles } from "./blanks.js";

export function build(fields, item) {
  return buildHoles(fields, (part) =>
    h("select", { class: "in flat", "aria-label": part.label || word("blank", { name: part.blank }), change: item.changed },
      h("option", { value: "" }, word("choose")),
      part.options.map((option) => h("option", { value: option.id }, option.text)),
    ),
  );
}
