/** Words of the page in the person's language, from the JSON block the server put in it. */

const block = document.getElementById("words");
const entries = block ? JSON.parse(block.textContent) : {};
const alone = document.documentElement.lang === "fr" ? (n) => Math.abs(n) < 2 : (n) => n === 1;

/** The text of a key, its {placeholders} filled; the key itself when the server forgot it. */
export function word(key, params = {}) {
  let text = entries[key];
  if (text === undefined) return key;
  if (typeof text !== "string") text = (alone(params.count) && text.one) || text.other;
  return text.replace(/\{(\w+)\}/g, (found, name) => (name in params ? String(params[name]) : found));
}

/** Whether the page has words under this key. */
export const hasWord = (key) => key in entries;
