/** What the page says about its connection, and how many answers it is keeping meanwhile. */

import { announce, showMessage } from "./view.js";
import { word } from "./words.js";

export class Connection {
  constructor() {
    this.cut = false;
    this.sent = 0;
    this.kept = true; // whether this browser keeps the answer that is on its way
    addEventListener("offline", () => this.troubled(true));
  }

  /** Called by the sender: `true` when no reply comes, `false` when the server answers again. */
  troubled(cut) {
    if (cut === this.cut) return;
    this.cut = cut;
    if (cut) {
      this.sent = 0;
      showMessage("wait", "offline", word("cut_fact"), word(this.kept ? "cut_advice" : "cut_stay"));
    } else {
      showMessage("ok", "check", word("back_fact"), "");
    }
  }

  /** Called when a waiting answer was acknowledged: say how many left, once the connection is back. */
  acknowledged(wasWaiting) {
    if (!wasWaiting) return;
    this.sent += 1;
    const sent = word("back_sent", { count: this.sent });
    showMessage("ok", "check", word("back_fact"), sent);
    announce(`${word("back_fact")} ${sent}`);
  }

  /** Called when the person goes on: an old good news is taken away, a bad one stays. */
  goOn() {
    if (!this.cut) showMessage(null);
  }
}
