/** Pairs: each line on the left takes one value from a list. */

import { h, wordsOf } from "../dom.js";
import { word } from "../words.js";

export function build(fields, item) {
  const selects = new Map();
  const lines = fields.left.map((entry, index) => {
    const id = `pair-${index}`;
    const select = h("select", { class: "in", id, change: item.changed },
      h("option", { value: "" }, word("choose")),
      fields.right.map((option) => h("option", { value: option.id }, option.text)),
    );
    selects.set(entry.id, select);
    return h("div", {}, h("label", { for: id }, wordsOf(entry)), select);
  });
  const values = () => Object.fromEntries([...selects].map(([left, select]) => [left, select.value]));
  return {
    element: h("div", { class: "match gap" }, lines),
    missing: "match_all",
    read: () => (Object.values(values()).every(Boolean) ? values() : null),
    draft: values,
    write: (answer) => selects.forEach((select, left) => { select.value = answer[left] ?? ""; }),
  };
}
