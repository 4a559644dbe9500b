/** A text with holes, shared by blanks to fill and drop-down lists: `hole(part)` makes the control of one hole. */

import { h, wordsOf } from "../dom.js";

export function build(fields, hole) {
  const controls = new Map();
  const pieces = fields.parts.map((part) => {
    if (!part.blank) return wordsOf(part);
    const control = hole(part);
    controls.set(part.blank, control);
    return control;
  });
  const values = () => [...controls].map(([blank, control]) => [blank, control.value.trim()]);
  return {
    element: h("div", { class: "holes gap" }, pieces),
    missing: "fill_all",
    read: () => (values().every(([, value]) => value) ? Object.fromEntries(values()) : null),
    draft: () => Object.fromEntries(values()),
    write: (answer) => controls.forEach((control, blank) => { control.value = answer[blank] ?? ""; }),
  };
}
