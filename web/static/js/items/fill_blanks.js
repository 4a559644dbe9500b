/** Blanks to fill in a text. */

import { h } from "../dom.js";
import { word } from "../words.js";
import { build as buildHoles } from "./blanks.js";

export function build(fields, item) {
  return buildHoles(fields, (part) =>
    h("input", {
      class: "in flat hole", type: "text", autocomplete: "off", spellcheck: "false", maxlength: 200,
      "aria-label": part.label || word("blank", { name: part.blank }), input: item.changed,
    }),
  );
}
