/** Entries to put in order: two buttons an entry; dragging is only a shortcut. */

import { h, icon, wordsOf } from "../dom.js";
import { word } from "../words.js";

export function build(fields, item) {
  const list = h("ol", { class: "order gap" });
  const entries = () => [...list.children];

  function renumber() {
    entries().forEach((entry, index, all) => {
      entry.querySelector(".no").textContent = String(index + 1);
      const [up, down] = entry.querySelectorAll("button");
      up.setAttribute("aria-disabled", String(index === 0));
      down.setAttribute("aria-disabled", String(index === all.length - 1));
    });
  }

  function settle(entry) {
    renumber();
    item.changed();
    item.announce(word("moved", { text: entry.dataset.text, place: entries().indexOf(entry) + 1, total: entries().length }));
  }

  function move(entry, step, button) {
    const neighbour = step < 0 ? entry.previousElementSibling : entry.nextElementSibling;
    if (!neighbour) return;
    if (step < 0) neighbour.before(entry);
    else neighbour.after(entry);
    button.focus();
    settle(entry);
  }

  let dragged = null;
  function dragging(entry) {
    entry.addEventListener("dragstart", (event) => {
      dragged = entry;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
    });
    entry.addEventListener("dragover", (event) => {
      if (!dragged || dragged === entry) return;
      event.preventDefault();
      const below = entries().indexOf(dragged) < entries().indexOf(entry);
      if (below) entry.after(dragged);
      else entry.before(dragged);
      renumber();
    });
    entry.addEventListener("drop", (event) => event.preventDefault());
    entry.addEventListener("dragend", () => {
      dragged = null;
      settle(entry);
    });
  }

  for (const part of fields.entries) {
    const { id, text } = part;
    const button = (step, name, words) =>
      h("button", { type: "button", class: "btn line", "aria-label": word(words, { text }), click: (event) => move(entry, step, event.currentTarget) }, icon(name));
    const entry = h("li", { draggable: "true", "data-id": id, "data-text": text },
      h("span", { class: "no", "aria-hidden": "true" }), h("div", { class: "words" }, wordsOf(part)),
      button(-1, "up", "move_up"), button(1, "down", "move_down"),
    );
    dragging(entry);
    list.append(entry);
  }
  renumber();
  return {
    element: list,
    missing: "order",
    read: () => entries().map((entry) => entry.dataset.id),
    write: (answer) => {
      const known = new Map(entries().map((entry) => [entry.dataset.id, entry]));
      answer.forEach((id) => known.has(id) && list.append(known.get(id)));
      renumber();
    },
  };
}
