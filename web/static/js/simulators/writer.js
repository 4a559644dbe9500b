/** A word processor: paragraphs to choose and format, styles to change, find and replace, the whole document. */

import { button, entry, field, h, options, select, start, tick, typo, word } from "./kit.js";

const STYLES = ["body", "title", "heading1", "heading2", "heading3", "quote", "bullets", "numbers", "caption"];
const MARKS = ["bold", "italic", "underline"];
const HEADINGS = ["heading1", "heading2", "heading3"];
const MOST = 3000;

const textOf = (tool, row) => tool.get(`p.${row.id}.text`);

function look(tool, row) {
  const at = `p.${row.id}`;
  const style = tool.get(`${at}.style`);
  const bold = tool.is(`${at}.bold`) || tool.is(`style.${style}.bold`);
  return [`s-${tool.get(`style.${style}.size`)}`, `c-${tool.get(`style.${style}.color`)}`, bold ? "m-bold" : "", tool.is(`${at}.italic`) || style === "quote" ? "m-italic" : "",
    tool.is(`${at}.underline`) ? "m-underline" : "", `a-${tool.get(`${at}.align`)}`].join(" ");
}

function paper(tool) {
  let number = 0;
  const pieces = tool.scene.paragraphs.flatMap((row, index) => {
    const style = tool.get(`p.${row.id}.style`);
    number = style === "numbers" ? number + 1 : 0;
    const before = { bullets: "• ", numbers: `${number}. ` }[style] ?? "";
    const one = button(`p-${row.id}`, `${before}${typo(textOf(tool, row))}`, () => tool.look({ row: row.id }, word("selected", { number: index + 1, style: word(style) })), { pressed: tool.ui.row === row.id });
    one.className += ` ${look(tool, row)}`;
    return [tool.is(`p.${row.id}.break`) ? h("p", { class: "soft" }, h("hr", {}), word("page_break")) : null, one];
  });
  return h("div", { class: "paper" }, tool.is("toc") ? contents(tool) : null, pieces.filter(Boolean));
}

function contents(tool) {
  const found = tool.scene.paragraphs.filter((row) => HEADINGS.includes(tool.get(`p.${row.id}.style`)));
  return h("section", { class: "note" }, h("h2", {}, word("toc_title")),
    found.length ? h("ul", {}, found.map((row) => h("li", {}, `${"\u2003".repeat(HEADINGS.indexOf(tool.get(`p.${row.id}.style`)))}${typo(textOf(tool, row))}`))) : h("p", {}, word("toc_empty")));
}

function format(tool) {
  const index = tool.scene.paragraphs.findIndex((row) => row.id === tool.ui.row);
  if (index < 0) return h("p", { class: "note" }, word("choose"));
  const at = `p.${tool.ui.row}`;
  const change = (name) => (value) => tool.set({ [`${at}.${name}`]: value }, word("applied"));
  return h("section", { class: "card" }, h("h2", {}, word("paragraph", { number: index + 1 })),
    h("div", { class: "fields" }, select(`${at}.style`, word("style"), tool.get(`${at}.style`), options(STYLES, ""), change("style")),
      select(`${at}.align`, word("align"), tool.get(`${at}.align`), options(["left", "center", "right", "justify"], ""), change("align"))),
    h("div", { class: "bar" }, MARKS.map((name) => {
      const on = tool.is(`${at}.${name}`);
      return button(`${at}.${name}`, word(name), () => change(name)(on ? "no" : "yes"), { pressed: on });
    })),
    tick(tool, `${at}.break`, word("break"), word("applied")),
    field(tool, `${at}.text`, word("edit"), { long: true }));
}

function styles(tool) {
  const style = tool.ui.style ?? "body";
  const change = (name) => (value) => tool.set({ [`style.${style}.${name}`]: value }, word("applied"));
  return h("section", { class: "card" }, h("div", { class: "fields" },
    select("which", word("which"), style, options(STYLES, ""), (value) => tool.look({ style: value })),
    select("style-size", word("size"), tool.get(`style.${style}.size`), options(["small", "medium", "large", "huge"], ""), change("size")),
    select("style-color", word("color"), tool.get(`style.${style}.color`), options(["black", "green", "blue", "red"], ""), change("color"))),
  tick(tool, `style.${style}.bold`, word("bold"), word("applied")));
}

function replaceAll(tool) {
  const wanted = tool.ui.find ?? "";
  if (!wanted) return;
  const whole = tool.ui.whole ? "(?<![\\p{L}\\p{N}])(?:@)(?![\\p{L}\\p{N}])" : "@";
  const search = new RegExp(whole.replace("@", wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")), tool.ui.case ? "gu" : "giu");
  const changes = {};
  let count = 0;
  for (const row of tool.scene.paragraphs) {
    const text = textOf(tool, row).replace(search, () => { count += 1; return tool.ui.replacement ?? ""; });
    if (text !== textOf(tool, row) && text.length <= MOST) changes[`p.${row.id}.text`] = text;
  }
  tool.ui.count = count;
  tool.set(changes, word("replaced", { count }));
}

function replacing(tool) {
  const box = (name, label) => h("div", { class: "tick" }, h("input", { type: "checkbox", id: `box-${name}`, "data-k": `box-${name}`, checked: Boolean(tool.ui[name]), change: (event) => { tool.ui[name] = event.target.checked; } }), h("label", { for: `box-${name}` }, label));
  return h("section", { class: "card" }, h("div", { class: "fields" }, entry(tool, "find", word("find")), entry(tool, "replacement", word("replace"))),
    h("div", { class: "bar" }, box("case", word("case")), box("whole", word("words")), button("all", word("all"), () => replaceAll(tool))),
    tool.ui.count === undefined ? null : h("p", { class: "note" }, word("replaced", { count: tool.ui.count })));
}

function whole(tool) {
  return h("section", { class: "card" }, tick(tool, "toc", word("toc"), word("applied")), tick(tool, "page.numbers", word("pages"), word("applied")),
    select("orientation", word("orientation"), tool.get("page.orientation"), options(["portrait", "landscape"], ""), (value) => tool.set({ "page.orientation": value }, word("applied"))));
}

function draw(tool) {
  const views = { text: format, styles, replace_panel: replacing, whole };
  const now = tool.ui.panel ?? "text";
  return [h("nav", { class: "panels", "aria-label": word("panels") }, Object.keys(views).map((name) =>
    button(`panel-${name}`, word(name), () => tool.look({ panel: name }), { current: name === now }))),
  views[now](tool), paper(tool)];
}

start(draw);
