// Counts the characters left beside a field with a limit. The page is complete without it; the server decides.

import { counted } from "./staff_words.js";

for (const field of document.querySelectorAll("[data-most]")) {
  const place = document.createElement("span");
  document.getElementById(`${field.id}-hint`).append(" ", place);
  const most = Number(field.dataset.most);
  const show = () => {
    // As the server counts: code points, a line break as one.
    const left = most - [...field.value.replace(/\r\n/g, "\n")].length;
    place.textContent = left < 0 ? counted("over", -left) : counted("left", left);
    place.classList.toggle("err", left < 0);
  };
  field.addEventListener("input", show);
  show();
}
