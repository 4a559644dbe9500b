/** An image editor: crop, resize, turn, export. The picture is drawn from the scene's shapes, never from a file. */

import { button, entry, field, h, options, select, start, tick, typo, word } from "./kit.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["left", "top", "width", "height"];
const MOST = 12000;

const number = (tool, key) => Number(tool.get(key)) || 0;
const natural = (text) => (/^\d{1,5}$/.test(String(text).trim()) ? Number(text) : null);

function shape(tag, attributes, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text) element.append(text);
  return element;
}

function picture(tool) {
  const { scene } = tool;
  const [left, top, width, height] = SIDES.map((side) => number(tool, `crop.${side}`));
  const [toWidth, toHeight] = [number(tool, "size.width"), number(tool, "size.height")];
  const grey = (fill) => {
    if (!tool.is("grey") || !/^#[0-9a-f]{6}$/i.test(fill)) return fill;
    const level = Math.round([1, 3, 5].reduce((sum, at) => sum + parseInt(fill.slice(at, at + 2), 16), 0) / 3).toString(16).padStart(2, "0");
    return `#${level}${level}${level}`;
  };
  const inner = [shape("rect", { x: 0, y: 0, width: scene.width, height: scene.height, fill: grey(scene.background ?? "#e2eae6") })];
  for (const one of scene.shapes) {
    const fill = grey(one.fill ?? "#17352d");
    if (one.rect) inner.push(shape("rect", { x: one.rect[0], y: one.rect[1], width: one.rect[2], height: one.rect[3], fill }));
    else if (one.at) inner.push(shape("text", { x: one.at[0], y: one.at[1], "font-size": one.size, fill }, one.text ?? ""));
  }
  const view = shape("svg", { viewBox: `${left} ${top} ${width} ${height}`, width: toWidth, height: toHeight, preserveAspectRatio: "none", x: 0, y: 0 });
  view.append(...inner);
  const turn = number(tool, "rotate");
  const [w, ht] = turn % 180 ? [toHeight, toWidth] : [toWidth, toHeight];
  const moved = `translate(${w / 2} ${ht / 2}) rotate(${turn}) scale(${tool.is("flip") ? -1 : 1} 1) translate(${-toWidth / 2} ${-toHeight / 2})`;
  const group = shape("g", { transform: moved });
  group.append(view);
  const outer = shape("svg", { class: "canvas", viewBox: `0 0 ${w} ${ht}`, role: "img", "aria-label": word("shown", { about: typo(scene.about) }) });
  outer.append(group);
  return outer;
}

const stretched = (tool) => {
  const [width, height] = [number(tool, "crop.width"), number(tool, "crop.height")];
  return Math.abs(width * number(tool, "size.height") - height * number(tool, "size.width")) > Math.max(width, height);
};

function crop(tool) {
  const apply = () => {
    const [left, top, width, height] = SIDES.map((side) => natural(tool.ui[`crop_${side}`] ?? tool.get(`crop.${side}`)));
    const fits = left !== null && top !== null && width && height && left + width <= tool.scene.width && top + height <= tool.scene.height;
    if (!fits) return tool.look({ problem: "bad_crop" }, word("bad_crop"));
    tool.ui.problem = "";
    const facts = { "crop.left": left, "crop.top": top, "crop.width": width, "crop.height": height, "size.width": width, "size.height": height };
    forget(tool);
    return tool.set(Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, String(value)])), word("cropped", { width, height }));
  };
  return h("section", { class: "card" }, h("h2", {}, word("crop")), h("div", { class: "fields" },
    SIDES.map((side) => entry(tool, `crop_${side}`, word("pixels", { label: word(side) }), { start: tool.get(`crop.${side}`), enter: apply }))),
  tool.ui.problem === "bad_crop" ? h("p", { class: "note" }, word("bad_crop")) : null,
  h("p", {}, button("crop", word("apply_crop"), apply)));
}

const forget = (tool) => ["crop_left", "crop_top", "crop_width", "crop_height", "size_width", "size_height"].forEach((name) => delete tool.ui[name]);

function resize(tool) {
  const ask = (side) => natural(tool.ui[`size_${side}`] ?? tool.get(`size.${side}`));
  const apply = () => {
    let [width, height] = [ask("width"), ask("height")];
    if (tool.is("ratio") && width && height) {
      const [w, ht] = [number(tool, "crop.width"), number(tool, "crop.height")];
      if (String(width) !== tool.get("size.width")) height = Math.max(1, Math.round((width * ht) / w));
      else if (String(height) !== tool.get("size.height")) width = Math.max(1, Math.round((height * w) / ht));
    }
    if (!width || !height || width > MOST || height > MOST) return tool.look({ problem: "bad_size" }, word("bad_size"));
    tool.ui.problem = "";
    forget(tool);
    return tool.set({ "size.width": String(width), "size.height": String(height) }, word("resized", { width, height }));
  };
  return h("section", { class: "card" }, h("h2", {}, word("resize")), h("div", { class: "fields" },
    ["width", "height"].map((side) => entry(tool, `size_${side}`, word("pixels", { label: word(side) }), { start: tool.get(`size.${side}`), enter: apply }))),
  tick(tool, "ratio", word("ratio"), word("ratio_done")),
  tool.ui.problem === "bad_size" ? h("p", { class: "note" }, word("bad_size")) : null,
  h("p", {}, button("resize", word("apply_size"), apply)));
}

function turn(tool) {
  return h("section", { class: "card" }, h("h2", {}, word("turn")),
    h("p", {}, button("turn", word("turn_right"), () => tool.set({ rotate: String((number(tool, "rotate") + 90) % 360) }, word("turned")))),
    tick(tool, "flip", word("flip"), word("turned")), tick(tool, "grey", word("grey"), word("turned")));
}

function exporting(tool) {
  const change = (key) => (value) => tool.set({ [key]: value }, word("changed"));
  const formats = ["png", "jpg", "gif", "webp", "bmp"].map((name) => [name, name.toUpperCase()]);
  return h("section", { class: "card" }, h("h2", {}, word("export")), h("div", { class: "fields" },
    field(tool, "export.name", word("file")),
    select("export.format", word("format"), tool.get("export.format"), formats, change("export.format")),
    select("export.quality", word("quality"), tool.get("export.quality"), options(["low", "medium", "high"], "q_"), change("export.quality"))),
  tool.scene.metadata.length ? h("fieldset", {}, h("legend", { class: "lab" }, word("metadata")), tool.scene.metadata.map((row) =>
    tick(tool, `metadata.${row.id}`, word("keep", { name: typo(row.name), text: row.text }), word("kept")))) : null);
}

function draw(tool) {
  const views = { crop, resize, turn, export: exporting };
  const now = tool.ui.panel ?? "crop";
  const back = () => {
    forget(tool);
    tool.set(Object.fromEntries(["crop.left", "crop.top", "crop.width", "crop.height", "size.width", "size.height", "rotate", "flip", "grey"].map((key) => [key, tool.start[key]])), word("restored"));
  };
  return [picture(tool), h("p", {}, word("state", { width: tool.get("size.width"), height: tool.get("size.height") }), stretched(tool) ? ` ${word("stretched")}` : ""),
    h("div", { class: "bar" }, button("original", word("original"), back, { glyph: "back" })),
    h("nav", { class: "panels", "aria-label": word("panels") }, Object.keys(views).map((name) =>
      button(`panel-${name}`, word(name), () => tool.look({ panel: name, problem: "" }), { current: name === now }))),
    views[now](tool)];
}

start(draw);
