/** One choice among several: radio cards, with letters to speak about them and to choose by keyboard. */

import { build as buildCards } from "./choice_cards.js";

export function build(fields, item) {
  const cards = buildCards(fields, item, "radio");
  return {
    element: cards.element,
    keys: cards.keys,
    missing: "choose_one",
    help: cards.help,
    read: () => cards.chosen()[0] ?? null,
    write: (answer) => cards.choose([answer]),
  };
}
