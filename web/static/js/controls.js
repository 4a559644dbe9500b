/** The buttons and keys of the question page: letters choose, Enter validates, nothing else is a shortcut. */

import { byId } from "./dom.js";
import { showMessage } from "./view.js";
import { word } from "./words.js";

const OWN_KEYS = "dialog, select, textarea, a, button, summary, input:not([type=radio], [type=checkbox])";

/** Listen to the page; `acts` says what each press does. */
export function listen(acts) {
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    acts.submit();
  });
  byId("pass").addEventListener("click", acts.pass);
  byId("take-back").addEventListener("click", acts.takeBack);
  byId("leave").addEventListener("click", (event) => {
    if (acts.mayLeave()) return;
    event.preventDefault();
    showMessage("wait", "offline", word("leave_fact"), word("leave_advice"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(OWN_KEYS)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      acts.submit();
    } else if (acts.choose(event.key)) {
      event.preventDefault();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && acts.isFocused()) showMessage("wait", "show", word("focus_fact"), word("focus_advice"));
  });
}
