/** A spreadsheet: a grid walked with arrows, a bar to type in, a sort and filters. */

import { numberOf, Sheet } from "./formulas.js";
import { button, h, select, start, word } from "./kit.js";

const LETTERS = "ABCDEFGH";
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const comma = document.documentElement.lang === "fr";

const sheetOf = (tool) => new Sheet((cell) => tool.get(`cell.${cell}`), tool.scene.commas);
const shown = (text) => (comma && numberOf(text) !== null ? text.replace(".", ",") : text);
const letters = (tool) => [...LETTERS.slice(0, tool.scene.width)];
const now = (tool) => tool.ui.cell ?? "A1";

/** The rows on the screen, in their order; the heading stays first, and rows below the data stay where they are. */
function rows(tool, sheet) {
  const { data_rows: last, height } = tool.scene;
  const filters = letters(tool).filter((letter) => tool.get(`filter.${letter}`));
  const data = Array.from({ length: Math.max(0, last - 1) }, (_, index) => index + 2)
    .filter((row) => filters.every((letter) => sheet.text(`${letter}${row}`) === tool.get(`filter.${letter}`)));
  const wish = tool.get("sort");
  if (wish) {
    const letter = wish.slice(-1);
    const order = (a, b) => {
      const [first, second] = [sheet.text(`${letter}${a}`), sheet.text(`${letter}${b}`)];
      const numbers = [numberOf(first), numberOf(second)];
      return numbers.includes(null) ? first.localeCompare(second) : numbers[0] - numbers[1];
    };
    data.sort(wish.startsWith("-") ? (a, b) => order(b, a) : order);
  }
  return [1, ...data, ...Array.from({ length: Math.max(0, height - Math.max(1, last)) }, (_, index) => Math.max(1, last) + index + 1)];
}

const nameOf = (cell, text) => word("cell", { cell, text: text || word("empty") });

/** Show new values in place while somebody types, so that nothing jumps. */
function refresh(tool) {
  const sheet = sheetOf(tool);
  for (const one of document.querySelectorAll(".grid button")) {
    const text = shown(sheet.text(one.dataset.cell));
    one.textContent = text || "\u00a0";
    one.setAttribute("aria-label", nameOf(one.dataset.cell, text));
  }
}

function choose(tool, cell) {
  tool.look({ cell });
  document.querySelector(`[data-cell=${cell}]`)?.focus();
}

function walk(tool, event, order) {
  const cell = now(tool);
  if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    document.getElementById("bar").focus();
  } else if (MOVES[event.key]) {
    event.preventDefault();
    const [across, down] = MOVES[event.key];
    const column = Math.min(tool.scene.width - 1, Math.max(0, LETTERS.indexOf(cell[0]) + across));
    const place = Math.min(order.length - 1, Math.max(0, order.indexOf(Number(cell.slice(1))) + down));
    choose(tool, `${LETTERS[column]}${order[place]}`);
  } else if (event.key === "Delete") {
    tool.set({ [`cell.${cell}`]: "" });
    document.querySelector(`[data-cell=${cell}]`)?.focus();
  }
}

function grid(tool, sheet, order) {
  const one = (cell) => {
    const text = shown(sheet.text(cell));
    const made = button(`c-${cell}`, text || "\u00a0", () => choose(tool, cell), { pressed: cell === now(tool), name: nameOf(cell, text) });
    made.dataset.cell = cell;
    made.tabIndex = cell === now(tool) ? 0 : -1;
    return made;
  };
  const table = h("table", { class: "grid", "aria-label": word("sheet"), keydown: (event) => walk(tool, event, order) },
    h("thead", {}, h("tr", {}, h("td", {}), letters(tool).map((letter) => h("th", { scope: "col" }, letter)))),
    h("tbody", {}, order.map((row) => h("tr", {}, h("th", { scope: "row" }, String(row)), letters(tool).map((letter) => h("td", {}, one(`${letter}${row}`)))))));
  return h("div", { class: "scroll" }, table);
}

function bar(tool, order) {
  const cell = now(tool);
  const done = () => {
    const text = shown(sheetOf(tool).text(cell));
    const next = order[order.indexOf(Number(cell.slice(1))) + 1];
    tool.look({}, word("is_now", { cell, text: text || word("empty") }));
    choose(tool, next ? `${cell[0]}${next}` : cell);
  };
  const input = h("input", {
    id: "bar", type: "text", maxlength: 190, autocomplete: "off", spellcheck: "false", "data-k": "bar",
    input: (event) => {
      tool.type(`cell.${cell}`, event.target.value);
      refresh(tool);
    },
    keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); done(); } },
  });
  input.value = tool.get(`cell.${cell}`);
  return h("div", { class: "field" }, h("label", { for: "bar" }, word("bar", { cell })), h("div", { class: "bar mono" }, input, button("ok", word("ok"), done, { glyph: "check" })));
}

function tools(tool, sheet) {
  const title = (letter) => sheet.text(`${letter}1`) || letter;
  const titled = letters(tool).filter((letter) => sheet.text(`${letter}1`));
  const distinct = (letter) => [...new Set(Array.from({ length: Math.max(0, tool.scene.data_rows - 1) }, (_, index) => sheet.text(`${letter}${index + 2}`)))].filter(Boolean);
  const filter = (letter, value) => {
    tool.facts[`filter.${letter}`] = value;
    tool.set({}, word("filtered", { count: rows(tool, sheetOf(tool)).length - 1 }));
  };
  const all = [["", word("no_sort")], ...titled.flatMap((letter) => [[letter, word("up", { title: title(letter) })], [`-${letter}`, word("down", { title: title(letter) })]])];
  return h("details", { open: Boolean(tool.ui.tools), toggle: (event) => { tool.ui.tools = event.target.open; } }, h("summary", { "data-k": "tools" }, word("tools")),
    h("div", { class: "fields" },
      select("sort", word("sort_by"), tool.get("sort"), all, (value) => tool.set({ sort: value }, word("sorted"))),
      titled.map((letter) => select(`filter-${letter}`, word("filter", { title: title(letter) }), tool.get(`filter.${letter}`),
        [["", word("all")], ...distinct(letter).map((text) => [text, shown(text)])], (value) => filter(letter, value)))));
}

function draw(tool) {
  const sheet = sheetOf(tool);
  const order = rows(tool, sheet);
  return [h("p", { class: "soft small" }, word("hint")), tools(tool, sheet), bar(tool, order), grid(tool, sheet, order)];
}

start(draw);
