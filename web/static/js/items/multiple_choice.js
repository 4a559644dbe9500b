/** Several choices: checkbox cards, with letters. */

import { build as buildCards } from "./choice_cards.js";

export function build(fields, item) {
  const cards = buildCards(fields, item, "checkbox");
  return {
    element: cards.element,
    keys: cards.keys,
    missing: "choose_some",
    help: cards.help,
    read: () => (cards.chosen().length ? cards.chosen() : null),
    write: (answer) => cards.choose(answer),
  };
}
