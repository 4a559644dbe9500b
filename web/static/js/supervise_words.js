// Words of a supervisor's pages, from the JSON block the server put in them; French says one below two.

const block = document.getElementById("supervise-words");
const entries = block ? JSON.parse(block.textContent) : {};
export const lang = document.documentElement.lang;

export function said(name, params = {}) {
  let text = entries[name] ?? name;
  if (typeof text !== "string") text = (lang === "fr" ? params.count < 2 : params.count === 1) ? text.one : text.other;
  return text.replace(/\{(\w+)\}/g, (found, key) => (key in params ? String(params[key]) : found));
}

const GAP = lang === "fr" ? "\u202f" : " ";

/** A duration in words, as the server writes it. */
export function lasting(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  if (hours) return minutes ? `${hours}${GAP}h ${String(minutes).padStart(2, "0")}${GAP}min` : `${hours}${GAP}h`;
  if (minutes) return rest ? `${minutes}${GAP}min ${rest}${GAP}s` : `${minutes}${GAP}min`;
  return `${rest}${GAP}s`;
}

/** An hour in words, as the server writes it. */
export function hour(atMs) {
  const at = new Date(atMs);
  const minutes = String(at.getMinutes()).padStart(2, "0");
  if (lang === "fr") return at.getMinutes() ? `${at.getHours()}\u202fh\u202f${minutes}` : `${at.getHours()}\u202fh`;
  return `${((at.getHours() + 11) % 12) + 1}:${minutes} ${at.getHours() < 12 ? "am" : "pm"}`;
}
