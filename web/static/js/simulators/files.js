/** A file manager: folders, what one holds, and what can be done with what is selected. */

import { button, entry, h, lines, options, select, start, typo, word } from "./kit.js";

const SORTS = ["name", "-name", "size", "-size", "date", "-date"];
const NEW = ["new1", "new2", "new3", "new4"];
const COPIES = 6;

const folders = (tool) => [...tool.scene.folders.map((row) => row.id), ...NEW.filter((id) => tool.get(`folder.${id}.name`))];
const nameOf = (tool, id) => (id === "top" || id === "trash" ? word(id) : tool.get(`folder.${id}.name`));
const sizeOf = (kb) => (kb < 1000 ? word("kb", { size: kb }) : word("mb", { size: Math.round(kb / 100) / 10 }));

/** Everything there is, as rows with where each is; copies have the look of what they copy. */
function things(tool) {
  const found = folders(tool).map((id) => ({ key: `folder.${id}`, id, folder: true, size: 0, date: "" }));
  for (const row of tool.scene.files) found.push({ ...row, key: `file.${row.id}`, size: Number(row.size) || 0 });
  for (let number = 1; number <= COPIES; number += 1) {
    const row = tool.scene.files.find((file) => file.id === tool.get(`copy.${number}.of`));
    if (row) found.push({ ...row, key: `copy.${number}`, size: Number(row.size) || 0, copy: true });
  }
  return found.map((row) => ({ ...row, name: tool.get(`${row.key}.name`), in: tool.get(`${row.key}.in`) }));
}

function sorted(tool, rows) {
  const wish = tool.get("sort");
  const field = wish.replace("-", "");
  const order = (a, b) => (field === "size" ? a.size - b.size : (a[field] ?? "").localeCompare(b[field] ?? "")) || a.name.localeCompare(b.name);
  const files = rows.filter((row) => !row.folder).sort(order);
  return [...rows.filter((row) => row.folder).sort((a, b) => a.name.localeCompare(b.name)), ...(wish.startsWith("-") ? files.reverse() : files)];
}

/** Places something may go: a folder never goes into itself or what it holds. */
function places(tool, thing) {
  const inside = (id) => {
    for (let at = id, steps = 0; at && at !== "top" && steps < 50; at = tool.get(`folder.${at}.in`), steps += 1) if (thing.folder && at === thing.id) return true;
    return false;
  };
  return ["top", ...folders(tool), "trash"].filter((id) => !inside(id)).map((id) => [id, nameOf(tool, id)]);
}

function copy(tool, thing, to) {
  const number = tool.free("copy.", COPIES, "of");
  if (!number) return tool.say(word("no_more"));
  return tool.set({ [`copy.${number}.of`]: thing.id, [`copy.${number}.in`]: to, [`copy.${number}.name`]: thing.name }, word("copied"));
}

function make(tool, name) {
  const id = NEW.find((one) => !tool.get(`folder.${one}.name`));
  if (!name) return;
  if (!id) {
    tool.say(word("no_more"));
    return;
  }
  tool.ui.fresh = "";
  tool.set({ [`folder.${id}.name`]: name, [`folder.${id}.in`]: tool.ui.place ?? "top" }, word("made"));
}

function selected(tool, thing) {
  const { key } = thing;
  const ask = [["", word("choose")]];
  const rename = (name) => { if (name) tool.set({ [`${key}.name`]: name }, word("renamed")); };
  const facts = [[word("place"), nameOf(tool, thing.in)], [word("size"), thing.folder ? "" : sizeOf(thing.size)], [word("date"), thing.date], [word("author"), thing.author]];
  return h("section", { class: "card" }, h("h2", {}, thing.name),
    h("div", { class: "bar" }, entry(tool, `name-${key}`, word("name_label"), { start: thing.name, enter: rename }),
      button("rename", word("rename"), () => rename((tool.ui[`name-${key}`] ?? thing.name).trim()))),
    h("div", { class: "fields" },
      select("move", word("move"), "", [...ask, ...places(tool, thing)], (to) => to && tool.set({ [`${key}.in`]: to }, word("moved"))),
      thing.folder || thing.copy ? null : select("copy", word("copy"), "", [...ask, ...places(tool, thing)], (to) => to && copy(tool, thing, to)),
      tool.get(`${key}.rights`) ? select("rights", word("rights"), tool.get(`${key}.rights`), options(["none", "read", "write"], "r_"), (value) => tool.set({ [`${key}.rights`]: value }, word("changed"))) : null),
    h("div", { class: "bar" },
      thing.folder ? button("open", word("open"), () => tool.look({ place: thing.id, thing: null })) : null,
      thing.text ? button("open", word("open"), () => tool.look({ opened: tool.ui.opened === key ? null : key }), { pressed: tool.ui.opened === key }) : null,
      button("delete", word("delete"), () => tool.set({ [`${key}.in`]: "trash" }, word("moved")), { off: thing.in === "trash" })),
    tool.ui.opened === key ? h("div", { class: "note" }, lines(thing.text)) : null,
    h("h3", {}, word("properties")),
    h("dl", { class: "facts" }, facts.filter(([, text]) => text).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, typo(text))])));
}

function draw(tool) {
  const place = tool.ui.place ?? "top";
  const all = things(tool);
  const rows = sorted(tool, all.filter((row) => row.in === place));
  const thing = rows.find((row) => row.key === tool.ui.thing);
  return [
    h("nav", { class: "panels", "aria-label": word("places") }, ["top", ...folders(tool), "trash"].map((id) =>
      button(`place-${id}`, nameOf(tool, id), () => tool.look({ place: id, thing: null }), { current: id === place }))),
    h("div", { class: "bar" },
      select("sort", word("sort"), tool.get("sort"), options(SORTS, "s_"), (value) => tool.set({ sort: value }, word("sorted"))),
      entry(tool, "fresh", word("new_name"), { enter: (name) => make(tool, name) }),
      button("make", word("new_folder"), () => make(tool, (tool.ui.fresh ?? "").trim()), { glyph: "plus" })),
    h("h2", {}, word("here", { name: nameOf(tool, place) })),
    rows.length ? h("ul", { class: "list" }, rows.map((row) => h("li", {}, button(`thing-${row.key}`, h("span", {}, row.name,
      h("span", { class: "soft" }, ` ${row.folder ? word("folder") : `${sizeOf(row.size)} ${row.date ?? ""}`}`)),
    () => tool.look({ thing: row.key, opened: null }, word("selected", { name: row.name })), { glyph: row.folder ? "door" : "page", pressed: row.key === tool.ui.thing }))))
      : h("p", { class: "soft" }, word("empty")),
    thing ? selected(tool, thing) : null,
  ].filter(Boolean);
}

start(draw);
