/** The cards shared by single and multiple choice. */

import { h, wordsOf } from "../dom.js";
import { word } from "../words.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export function build(fields, item, type) {
  const inputs = fields.choices.map((choice) =>
    h("input", { type, name: "choice", value: choice.id, change: item.changed }),
  );
  const cards = fields.choices.map((choice, index) =>
    h("label", { class: "choice" }, inputs[index], wordsOf(choice), h("kbd", { "aria-hidden": "true" }, LETTERS[index])),
  );
  const legend = h("legend", { class: type === "radio" ? "vh" : "soft" }, word(type === "radio" ? "one_answer" : "several_answers"));
  return {
    element: h("fieldset", { class: "choices" }, legend, cards),
    help: { first: "A", last: LETTERS[inputs.length - 1] },
    chosen: () => inputs.filter((input) => input.checked).map((input) => input.value),
    choose: (ids) => inputs.forEach((input) => { input.checked = ids.includes(input.value); }),
    keys: (letter) => {
      const input = inputs[LETTERS.indexOf(letter.toUpperCase())];
      if (!input || letter.length !== 1) return false;
      input.focus();
      input.click();
      return true;
    },
  };
}
