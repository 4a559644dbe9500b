/** A browser: tabs, an address bar, a page, and the panels where traces and rights are kept. */

import { button, entry, field, h, lines, options, select, start, tick, typo, word } from "./kit.js";

const PERMISSIONS = ["camera", "microphone", "location", "notifications"];
const SETTINGS = {
  cookies: ["all", "no_third_party", "none"], on_close: ["keep", "clear"], popups: ["allow", "block"],
  tracking: ["allow", "refuse"], passwords: ["save", "never"],
};
const bare = (address) => address.trim().replace(/^https?:\/\//, "").replace(/\/$/, "").toLowerCase();

const pageAt = (tool, address) => tool.scene.pages.find((row) => bare(row.address) === bare(address));
const tabs = (tool) => tool.scene.tabs.filter((row) => tool.is(`tab.${row.id}.open`));

function go(tool, address) {
  const page = pageAt(tool, address);
  tool.ui.typed = undefined;
  tool.ui.panel = "page";
  tool.ui[`at-${tool.get("tab.active")}`] = page?.address ?? address;
  tool.set({ address: page?.address ?? address }, page ? word("shown", { title: typo(page.title) }) : word("not_found"));
}

const placeOf = (tool, tab) => tool.ui[`at-${tab.id}`] ?? tool.scene.pages.find((row) => row.id === tab.page)?.address ?? "";

function activate(tool, tab) {
  tool.ui[`at-${tool.get("tab.active")}`] = tool.get("address");
  tool.ui.typed = undefined;
  tool.set({ "tab.active": tab.id, address: placeOf(tool, tab) });
}

function close(tool, tab) {
  const left = tabs(tool).filter((row) => row.id !== tab.id);
  const changes = { [`tab.${tab.id}.open`]: "no" };
  if (left.length && tool.is("tab.active", tab.id)) Object.assign(changes, { "tab.active": left[0].id, address: placeOf(tool, left[0]) });
  tool.set(changes, word("closed"));
}

function strip(tool) {
  const open = tabs(tool);
  if (!open.length) return null;
  const title = (tab) => typo(pageAt(tool, tool.is("tab.active", tab.id) ? tool.get("address") : placeOf(tool, tab))?.title ?? word("not_found"));
  return h("ul", { class: "bar", "aria-label": word("tabs") }, open.map((tab) => h("li", { class: "bar" },
    button(`tab-${tab.id}`, title(tab), () => activate(tool, tab), { current: tool.is("tab.active", tab.id) }),
    open.length > 1 ? button(`close-${tab.id}`, "", () => close(tool, tab), { glyph: "cross", bare: true, name: word("close", { title: title(tab) }) }) : null)));
}

function bar(tool) {
  const typed = () => tool.ui.typed ?? tool.get("address");
  return h("div", { class: "bar" },
    entry(tool, "typed", word("address"), { start: tool.get("address"), enter: () => go(tool, typed()) }),
    button("go", word("go"), () => go(tool, typed())),
    button("mark", word("mark"), () => mark(tool), { glyph: "book" }));
}

function mark(tool) {
  const place = ["new1", "new2", "new3"].find((name) => !tool.get(`bookmark.${name}`));
  if (place) tool.set({ [`bookmark.${place}`]: tool.get("address") }, word("marked"));
  else tool.say(word("no_more"));
}

function shown(tool) {
  const page = pageAt(tool, tool.get("address"));
  if (!page) return h("article", { class: "card" }, h("h2", {}, word("not_found")), h("p", {}, word("not_found_text")));
  return h("article", { class: "card" }, h("h2", {}, typo(page.title)), h("div", {}, lines(page.text)),
    (page.links ?? []).map((link, index) => h("p", {}, button(`link-${index}`, typo(link.text), () => {
      go(tool, tool.scene.pages.find((row) => row.id === link.to)?.address ?? "");
    }, { bare: true }))));
}

function kept(tool, name, rows) {
  const one = name.replace(/s$/, "");
  const left = rows.filter((row) => tool.is(`${one}.${row.id}`));
  const made = name === "bookmarks" ? ["new1", "new2", "new3"].filter((id) => tool.get(`bookmark.${id}`)) : [];
  const line = (key, title, address, when, gone) => h("li", { class: "bar" },
    button(`open-${key}`, h("span", {}, typo(title), h("span", { class: "soft" }, ` ${when ? typo(when) : address}`)), () => go(tool, address), { bare: true }),
    button(`remove-${key}`, "", () => tool.set({ [key]: gone }, word("removed")), { glyph: "cross", name: word("remove", { title: typo(title) }) }));
  return h("section", { class: "card" }, h("h2", {}, word(name)),
    name === "history" && left.length ? h("p", {}, button("clear", word("clear_history"), () => tool.set(Object.fromEntries(left.map((row) => [`history.${row.id}`, "no"])), word("removed")))) : null,
    left.length + made.length ? h("ul", { class: "list" },
      left.map((row) => line(`${one}.${row.id}`, row.title, row.address, row.when, "no")),
      made.map((id) => line(`bookmark.${id}`, pageAt(tool, tool.get(`bookmark.${id}`))?.title ?? tool.get(`bookmark.${id}`), tool.get(`bookmark.${id}`), "", "")))
      : h("p", { class: "soft" }, word("empty")));
}

function sites(tool) {
  return tool.scene.sites.length ? tool.scene.sites.map((site) => h("section", { class: "card" }, h("h2", {}, site.name),
    h("p", {}, word(tool.is(`site.${site.id}.cookies`) ? "has_cookies" : "no_cookies")),
    tool.is(`site.${site.id}.cookies`) ? h("p", {}, button(`cookies-${site.id}`, word("clear_cookies"), () => tool.set({ [`site.${site.id}.cookies`]: "no" }, word("no_cookies")))) : null,
    h("div", { class: "fields" }, PERMISSIONS.map((name) => {
      const key = `site.${site.id}.${name}`;
      return select(key, word(name), tool.get(key), options(["ask", "allow", "block"], "v_"), (value) => tool.set({ [key]: value }, word("changed")));
    })))) : h("p", { class: "soft" }, word("empty"));
}

function settings(tool) {
  return h("section", { class: "card" }, h("h2", {}, word("settings")), h("div", { class: "fields" },
    Object.entries(SETTINGS).map(([name, values]) => select(`setting.${name}`, word(`set_${name}`), tool.get(`setting.${name}`), options(values, `${name}_`),
      (value) => tool.set({ [`setting.${name}`]: value }, word("changed")))),
    field(tool, "setting.homepage", word("set_homepage"))));
}

function draw(tool) {
  const panel = tool.ui.panel ?? "page";
  const views = {
    page: () => shown(tool), bookmarks: () => kept(tool, "bookmarks", tool.scene.bookmarks), history: () => kept(tool, "history", tool.scene.history),
    sites: () => sites(tool), settings: () => settings(tool),
  };
  return [strip(tool), bar(tool), tick(tool, "private", word("private"), word(tool.is("private") ? "private_off" : "private_on")),
    h("nav", { class: "panels", "aria-label": word("panels") }, Object.keys(views).map((name) =>
      button(`panel-${name}`, word(name), () => tool.look({ panel: name }), { current: name === panel }))),
    views[panel]()].flat().filter(Boolean);
}

start(draw);
