/**
 * What every simulator is made of. The state is flat: facts, a key and a text each. A tool draws itself whole from the
 * facts after each act, the keyboard's place is kept, and every change is told to the question page at once.
 */

import { byId, h, icon } from "../dom.js";
import { word } from "../words.js";

export { h, icon, word };

const page = new URL(location.href).origin;
const root = byId("tool");
const french = document.documentElement.lang === "fr";

/** Texts of the scene with the spaces French wants before its signs; never for what is compared or typed. */
export const typo = (text) => (french ? text.replace(/ ([;!?%»])/g, "\u202f$1").replace(/ :/g, "\u00a0:").replace(/« /g, "«\u00a0") : text);

/** Paragraphs from lines. */
export const lines = (text) => typo(text ?? "").split("\n").filter((line) => line.trim()).map((line) => h("p", {}, line));

export class Tool {
  constructor({ scene, start, changes }, draw) {
    this.scene = scene;
    this.start = start;
    this.facts = { ...start, ...changes };
    this.ui = {};
    this.view = draw;
  }

  get(key) {
    return this.facts[key] ?? "";
  }

  is(key, value = "yes") {
    return this.get(key) === value;
  }

  /** Change facts, tell the page, draw again, and say what was done. */
  set(changes, said = "") {
    Object.assign(this.facts, changes);
    this.tell();
    this.draw();
    if (said) this.say(said);
  }

  /** Change one fact while it is being typed: nothing is drawn, so that the field stays. */
  type(key, value) {
    this.facts[key] = value;
    this.tell();
  }

  /** Change what is seen and not what is kept. */
  look(changes, said = "") {
    Object.assign(this.ui, changes);
    this.draw();
    if (said) this.say(said);
  }

  changes() {
    const keys = new Set([...Object.keys(this.start), ...Object.keys(this.facts)]);
    return Object.fromEntries([...keys].filter((key) => this.get(key) !== (this.start[key] ?? "")).map((key) => [key, this.get(key)]));
  }

  tell() {
    parent.postMessage({ type: "changes", changes: this.changes() }, page);
  }

  say(text) {
    byId("news").textContent = text;
  }

  draw() {
    const held = document.activeElement?.dataset?.k;
    root.replaceChildren(...[this.view(this)].flat());
    if (held) root.querySelector(`[data-k="${CSS.escape(held)}"]`)?.focus();
  }

  /** The first of several numbered records that is still free, such as sent.1 … sent.4; null when all are used. */
  free(prefix, most, field) {
    for (let number = 1; number <= most; number += 1) if (!this.get(`${prefix}${number}.${field}`)) return number;
    return null;
  }
}

/** Start a tool: `draw(tool)` gives its elements. */
export function start(draw, begin = () => {}) {
  addEventListener("message", (event) => {
    if (event.source !== parent || event.data?.type !== "show") return;
    if (event.data.theme) document.documentElement.dataset.theme = event.data.theme;
    const tool = new Tool(event.data, draw);
    begin(tool);
    tool.draw();
  });
  new ResizeObserver(() => {
    parent.postMessage({ type: "height", height: document.querySelector("main").offsetHeight + 1 }, page);
  }).observe(document.querySelector("main"));
  parent.postMessage({ type: "ready" }, page);
}

/** A button; `k` keeps the keyboard's place when the tool is drawn again. */
export function button(k, label, act, { glyph = "", pressed = null, current = false, off = false, bare = false, name = null } = {}) {
  return h("button", {
    type: "button", class: `b${bare ? " bare" : ""}`, "data-k": k, "aria-pressed": pressed === null ? null : String(pressed),
    "aria-current": current ? "true" : null, "aria-disabled": off ? "true" : null, "aria-label": name,
    click: () => { if (!off) act(); },
  }, glyph ? icon(glyph) : null, label);
}

let fields = 0;
const labelled = (label, hide, control) => {
  fields += 1;
  control.id = `field-${fields}`;
  return h("div", { class: "field" }, h("label", { for: control.id, class: hide ? "vh" : null }, label), control);
};

/** A list to choose from; options are [value, words]. */
export function select(k, label, value, options, change, { hide = false } = {}) {
  const control = h("select", { "data-k": k, change: (event) => change(event.target.value) },
    options.map(([id, words]) => h("option", { value: id, selected: id === value }, words)));
  return labelled(label, hide, control);
}

/** A text to type, straight into a fact. */
export function field(tool, key, label, { hide = false, long = false, enter = null, type = "text", hint = "" } = {}) {
  const control = h(long ? "textarea" : "input", {
    "data-k": key, type: long ? null : type, rows: long ? 5 : null, maxlength: long ? 3000 : 190, autocomplete: "off", spellcheck: "false", placeholder: hint || null,
    input: (event) => tool.type(key, event.target.value),
    keydown: (event) => { if (enter && event.key === "Enter") { event.preventDefault(); enter(); } },
  });
  control.value = tool.get(key);
  return labelled(label, hide, control);
}

/** A text to type that is nobody's fact yet. */
export function entry(tool, name, label, { enter = null, hide = false, start: first = "" } = {}) {
  const control = h("input", {
    "data-k": `entry-${name}`, type: "text", maxlength: 190, autocomplete: "off", spellcheck: "false",
    input: (event) => { tool.ui[name] = event.target.value; },
    keydown: (event) => { if (enter && event.key === "Enter") { event.preventDefault(); enter(control.value.trim()); } },
  });
  control.value = tool.ui[name] ?? first;
  return labelled(label, hide, control);
}

/** A box to tick, bound to a fact that is yes or no. */
export function tick(tool, key, label, said = "") {
  fields += 1;
  const id = `field-${fields}`;
  const box = h("input", {
    type: "checkbox", id, "data-k": key, checked: tool.is(key),
    change: (event) => tool.set({ [key]: event.target.checked ? "yes" : "no" }, said),
  });
  return h("div", { class: "tick" }, box, h("label", { for: id }, label));
}

/** Values with their words, for a list to choose from. */
export const options = (values, prefix) => values.map((value) => [value, word(`${prefix}${value}`)]);
