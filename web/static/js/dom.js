/** Small helpers to build the page: elements from values, never markup from text. */

/** Make an element; attributes that are false or null are left out, functions become listeners. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A copy of a drawing the server put in a template element. */
export function icon(name) {
  return document.getElementById(`icon-${name}`).content.firstElementChild.cloneNode(true);
}

/** Put HTML that our own server has sanitised into an element. Never call it with words typed by a person. */
export function putServerHtml(element, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  element.replaceChildren(holder.content);
}

/** The words of a choice, a label or a piece of text, with its `code` shown as such when it has any. */
export function wordsOf(part) {
  const span = h("span", {}, part.html ? "" : part.text);
  if (part.html) putServerHtml(span, part.html);
  return span;
}

/** Words only a screen reader hears. */
export const hidden = (text) => h("span", { class: "vh" }, text);

export const byId = (id) => document.getElementById(id);

/** A random identifier; `randomUUID` is missing on plain HTTP, `getRandomValues` is not. */
export function randomKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
