/** A robot to program: the grid, the blocks available, the program as a list of lists, and a try. */

import { button, h, start, word } from "./kit.js";
import { drawing, inWords, table } from "./maze.js";
import { begin, count, NESTED, parse, run, write } from "./robot.js";

const DEEPEST = 5;
const STEP_MS = 220;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const alone = (times) => Array.from({ length: 19 }, (_, index) => index + 2).map((number) => h("option", { value: number, selected: number === times }, String(number)));

const said = (block) => (block.kind === "repeat" ? `${word("repeat")} ${block.times}` : word(block.kind));

/** The list a path of places leads to: [] is the program, [2] what its third block holds. */
const listAt = (blocks, path) => path.reduce((list, index) => list?.[index]?.inner, blocks);

function save(tool, blocks, text) {
  stop(tool);
  tool.ui.at = null;
  tool.ui.end = "";
  tool.set({ program: write(blocks) }, text);
}

function stop(tool) {
  clearTimeout(tool.ui.timer);
}

function add(tool, kind) {
  const blocks = parse(tool.get("program"));
  const path = listAt(blocks, tool.ui.path ?? []) ? tool.ui.path ?? [] : [];
  const list = listAt(blocks, path);
  if (count(blocks) >= tool.scene.max_blocks) return tool.say(word("full", { count: count(blocks) }));
  if (kind === "else" && !list.at(-1)?.kind.startsWith("if_")) return tool.say(word("no_else"));
  if (NESTED.has(kind) && path.length >= DEEPEST - 1) return tool.say(word("too_deep"));
  const block = { kind, times: kind === "repeat" ? 2 : 0, inner: [] };
  list.push(block);
  if (NESTED.has(kind)) tool.ui.path = [...path, list.length - 1];
  return save(tool, blocks, word("added", { text: said(block), count: count(blocks) }));
}

function shift(tool, path, index, step) {
  const blocks = parse(tool.get("program"));
  const list = listAt(blocks, path);
  const other = index + step;
  if (!list[other]) return;
  [list[index], list[other]] = [list[other], list[index]];
  tool.ui.path = [];
  save(tool, blocks, word("moved"));
  document.querySelector(`[data-k="${step < 0 ? "up" : "down"}-${[...path, other].join("-")}"]`)?.focus();
}

function remove(tool, path, index) {
  const blocks = parse(tool.get("program"));
  listAt(blocks, path).splice(index, 1);
  tool.ui.path = [];
  save(tool, blocks, word("removed"));
}

function times(tool, path, index, block) {
  return h("select", {
    "aria-label": word("times"), "data-k": `times-${[...path, index].join("-")}`,
    change: (event) => {
      const blocks = parse(tool.get("program"));
      listAt(blocks, path)[index].times = Number(event.target.value);
      save(tool, blocks, said(listAt(blocks, path)[index]));
    },
  }, alone(block.times));
}

function here(tool, path, text) {
  const now = (tool.ui.path ?? []).join("-") === path.join("-");
  return h("li", {}, now ? h("span", { class: "note" }, word("insert_here"))
    : button(`here-${path.join("-")}`, word("put_here"), () => tool.look({ path }, word("insert_here")), { glyph: "plus", bare: true, name: `${word("put_here")}, ${text}` }));
}

function listed(tool, list, path, text) {
  return h("ul", { class: path.length ? "" : "prog" }, list.map((block, index) => {
    const name = said(block);
    const id = [...path, index].join("-");
    return h("li", {}, h("div", { class: "bar" }, h("span", {}, block.kind === "repeat" ? word("repeat") : name), block.kind === "repeat" ? times(tool, path, index, block) : null,
      button(`up-${id}`, "", () => shift(tool, path, index, -1), { glyph: "up", off: index === 0, bare: true, name: word("up", { text: name }) }),
      button(`down-${id}`, "", () => shift(tool, path, index, 1), { glyph: "down", off: index === list.length - 1, bare: true, name: word("down", { text: name }) }),
      button(`remove-${id}`, "", () => remove(tool, path, index), { glyph: "cross", bare: true, name: word("remove", { text: name }) })),
    NESTED.has(block.kind) ? listed(tool, block.inner, [...path, index], word("inside", { text: name })) : null);
  }), here(tool, path, text));
}

function tryIt(tool) {
  stop(tool);
  const { trail, end } = run(tool.scene, parse(tool.get("program")));
  const finish = () => tool.look({ at: trail.at(-1), end }, `${word(`r_${end}`)} ${inWords(tool.scene, trail.at(-1))}`);
  const walk = (index) => {
    if (index >= trail.length - 1 || index > 120) return finish();
    tool.look({ at: trail[index], end: "" });
    tool.ui.timer = setTimeout(() => walk(index + 1), STEP_MS);
    return undefined;
  };
  return still.matches ? finish() : walk(0);
}

function draw(tool) {
  const { scene } = tool;
  const blocks = parse(tool.get("program"));
  const at = tool.ui.at ?? begin(scene);
  return [
    drawing(scene, at), table(scene, at, Boolean(tool.ui.map), (open) => { tool.ui.map = open; }),
    tool.ui.end ? h("p", { class: "note" }, word(`r_${tool.ui.end}`)) : null,
    h("div", { class: "bar" }, button("run", word("run"), () => tryIt(tool), { glyph: "play" }),
      button("reset", word("reset"), () => { stop(tool); tool.look({ at: null, end: "" }, inWords(scene, begin(scene))); }),
      button("clear", word("clear"), () => { tool.ui.path = []; save(tool, [], word("cleared")); }, { bare: true })),
    h("section", { class: "card" }, h("h2", {}, word("palette")), h("div", { class: "bar" }, scene.blocks.map((kind) =>
      button(`add-${kind}`, word(kind), () => add(tool, kind), { glyph: "plus", name: word("add", { text: word(kind) }) })))),
    h("section", { class: "card" }, h("h2", {}, word("program")), h("p", { class: "soft" }, word("count", { count: count(blocks), most: scene.max_blocks })),
      blocks.length ? null : h("p", {}, word("empty")), listed(tool, blocks, [], word("end"))),
  ].filter(Boolean);
}

start(draw);
