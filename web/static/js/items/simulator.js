/**
 * Something to do in a tool. The tool lives in a sandboxed frame without origin: it is given the scene by message and
 * tells what changed. What it says is only ever kept as short texts.
 */

import { h } from "../dom.js";
import { word } from "../words.js";

const MOST = 200;
const AGAIN_MS = 8000;

/** The changes of a message if they are plain texts, else none. */
function textsOf(changes) {
  const entries = Object.entries(changes ?? {});
  const plain = entries.length <= MOST && entries.every(([, value]) => typeof value === "string");
  return plain ? Object.fromEntries(entries) : {};
}

export function build(fields, item) {
  let changes = {};
  let ready = false;
  const frame = h("iframe", {
    class: "simulator gap", sandbox: "allow-scripts", title: word("tool"), height: "480", src: `/simulators/${fields.simulator}`,
  });
  const show = () => frame.contentWindow.postMessage(
    { type: "show", scene: fields.scene ?? {}, start: fields.start ?? {}, changes, theme: document.documentElement.dataset.theme }, "*");

  function hear(event) {
    if (!frame.isConnected && ready) removeEventListener("message", hear);
    if (event.source !== frame.contentWindow || event.origin !== "null") return;
    if (event.data?.type === "ready") {
      ready = true;
      show();
    } else if (event.data?.type === "changes") {
      changes = textsOf(event.data.changes);
      item.changed();
    } else if (event.data?.type === "height") {
      frame.height = String(Math.min(3000, Math.max(160, Math.ceil(Number(event.data.height) || 0))));
    }
  }
  addEventListener("message", hear);
  /** A frame asked for while the server was away is asked for again until it comes. */
  const again = () => {
    if (ready || !frame.isConnected) return;
    frame.src = frame.getAttribute("src");
    setTimeout(again, AGAIN_MS);
  };
  setTimeout(again, AGAIN_MS);
  return {
    element: frame,
    missing: "simulator",
    read: () => (Object.keys(changes).length ? changes : null),
    draft: () => changes,
    write: (answer) => {
      changes = textsOf(answer);
      if (ready) show();
    },
  };
}
