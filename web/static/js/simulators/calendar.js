/** A shared calendar: days with their events, the chosen event, and who may see which calendar. */

import { button, field, h, options, select, start, tick, typo, word } from "./kit.js";

const NEW = ["new1", "new2", "new3"];
const RIGHTS = ["none", "busy", "read", "edit"];
const HOURS = Array.from({ length: 68 }, (_, index) => {
  const text = `${String(7 + Math.floor(index / 4)).padStart(2, "0")}:${String((index % 4) * 15).padStart(2, "0")}`;
  return [text, text];
});
const named = (rows) => rows.map((row) => [row.id, typo(row.name)]);

/** The events there are: those of the scene, then the pupil's own. */
const events = (tool) => [...tool.scene.events, ...NEW.filter((id) => tool.get(`event.${id}.day`)).map((id) => ({ id, locked: "no" }))]
  .filter((row) => !tool.is(`event.${row.id}.deleted`))
  .map((row) => ({ ...row, at: `event.${row.id}`, day: tool.get(`event.${row.id}.day`), start: tool.get(`event.${row.id}.start`) }));

const titleOf = (tool, row) => typo(tool.get(`${row.at}.title`)) || word("untitled");

function make(tool, day) {
  const id = NEW.find((one) => !tool.get(`event.${one}.day`));
  if (!id) {
    tool.say(word("no_more"));
    return;
  }
  tool.ui.event = id;
  const guests = Object.fromEntries(tool.scene.people.map((row) => [`event.${id}.guest.${row.id}`, "no"]));
  tool.set({
    [`event.${id}.day`]: day, [`event.${id}.start`]: "08:00", [`event.${id}.end`]: "09:00",
    [`event.${id}.calendar`]: tool.scene.calendars[0].id, [`event.${id}.deleted`]: "no", ...guests,
  }, word("made"));
}

/** An event of the scene is marked deleted; one the pupil made is as if it had never been. */
function remove(tool, row) {
  const own = Object.keys(tool.facts).filter((key) => key.startsWith(`${row.at}.`));
  const changes = NEW.includes(row.id) ? Object.fromEntries(own.map((key) => [key, ""])) : { [`${row.at}.deleted`]: "yes" };
  tool.set(changes, word("deleted"));
}

function chosen(tool, row) {
  const { at } = row;
  const change = (name) => (value) => tool.set({ [`${at}.${name}`]: value }, word("changed"));
  if (row.locked === "yes") return h("section", { class: "card" }, h("h2", {}, titleOf(tool, row)), h("p", { class: "note" }, word("locked")));
  return h("section", { class: "card" }, h("h2", {}, titleOf(tool, row)),
    h("div", { class: "fields" }, field(tool, `${at}.title`, word("title")), field(tool, `${at}.place`, word("place")),
      select(`${at}.day`, word("day"), row.day, named(tool.scene.days), change("day")),
      select(`${at}.start`, word("start"), row.start, HOURS, change("start")),
      select(`${at}.end`, word("end"), tool.get(`${at}.end`), HOURS, change("end")),
      select(`${at}.calendar`, word("calendar"), tool.get(`${at}.calendar`), named(tool.scene.calendars), change("calendar"))),
    tool.scene.people.length ? h("fieldset", {}, h("legend", { class: "lab" }, word("guests")),
      tool.scene.people.map((one) => tick(tool, `${at}.guest.${one.id}`, one.name, word("changed")))) : null,
    h("p", {}, button("delete", word("delete"), () => remove(tool, row))));
}

function week(tool) {
  const all = events(tool);
  const row = all.find((one) => one.id === tool.ui.event);
  const calendar = (one) => typo(tool.scene.calendars.find((other) => other.id === tool.get(`${one.at}.calendar`))?.name ?? "");
  return [...tool.scene.days.map((day) => {
    const here = all.filter((one) => one.day === day.id).sort((a, b) => a.start.localeCompare(b.start));
    return h("section", { class: "card" }, h("h2", {}, typo(day.name)),
      here.length ? h("ul", { class: "list" }, here.map((one) => h("li", {}, button(one.at, h("span", {}, `${one.start} - ${tool.get(`${one.at}.end`)} `, titleOf(tool, one),
        h("span", { class: "soft" }, ` ${calendar(one)}`)),
      () => tool.look({ event: one.id }, word("selected", { name: titleOf(tool, one) })), { pressed: one.id === tool.ui.event })))) : h("p", { class: "soft" }, word("nothing")),
      row && row.day === day.id ? chosen(tool, row) : null,
      h("p", {}, button(`new-${day.id}`, word("new"), () => make(tool, day.id), { glyph: "plus", name: `${word("new")}, ${typo(day.name)}` })));
  })];
}

function sharing(tool) {
  return tool.scene.calendars.map((one) => h("section", { class: "card" }, h("h2", {}, typo(one.name)), h("div", { class: "fields" },
    tool.scene.people.map((person) => {
      const key = `calendar.${one.id}.${person.id}`;
      return select(key, word("rights", { name: person.name }), tool.get(key), options(RIGHTS, "r_"), (value) => tool.set({ [key]: value }, word("shared")));
    }))));
}

function draw(tool) {
  const now = tool.ui.panel ?? "week";
  return [h("nav", { class: "panels", "aria-label": word("panels") }, ["week", "sharing"].map((name) =>
    button(`panel-${name}`, word(name), () => tool.look({ panel: name }), { current: name === now }))),
  now === "week" ? week(tool) : sharing(tool)].flat();
}

start(draw);
