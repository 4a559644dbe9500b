/** The privacy page of a social network: settings, people, posts. */

import { button, h, lines, options, select, start, tick, typo, word } from "./kit.js";

const AUDIENCES = ["everyone", "friends_of_friends", "friends", "me"];

/** A button that is pressed or not, bound to a fact that is yes or no. */
function toggle(tool, key, [off, on], [doneOn, doneOff], glyph = "") {
  const now = tool.is(key);
  return button(key, now ? on : off, () => tool.set({ [key]: now ? "no" : "yes" }, now ? doneOff : doneOn), { pressed: now, glyph });
}

function settings(tool) {
  return tool.scene.settings.map((row) => {
    const key = `setting.${row.id}`;
    return row.audience
      ? select(key, typo(row.label), tool.get(key), options(AUDIENCES, ""), (value) => tool.set({ [key]: value }, word("changed")))
      : tick(tool, key, typo(row.label), word("changed"));
  });
}

function person(tool, row) {
  const key = `person.${row.id}.link`;
  const link = tool.get(key);
  const act = (name, to) => button(`${key}-${name}`, word(name), () => tool.set({ [key]: to }, `${row.name} : ${word(`l_${to}`)}`));
  const acts = { friend: [act("unfriend", "none")], request: [act("accept", "friend"), act("refuse", "none")], none: [], blocked: [act("unblock", "none")] };
  return h("section", { class: "card" }, h("h2", {}, row.name), h("p", { class: "soft" }, word(`l_${link}`)),
    row.about ? h("div", {}, lines(row.about)) : null,
    h("div", { class: "bar" }, acts[link], link === "blocked" ? null : act("block", "blocked"),
      toggle(tool, `person.${row.id}.reported`, [word("report"), word("reported")], [word("was_reported"), word("not_reported")], "flag")));
}

function post(tool, row) {
  const at = `post.${row.id}`;
  const head = h("h2", {}, row.author);
  if (tool.is(`${at}.deleted`)) {
    return h("section", { class: "card" }, head, h("p", { class: "note" }, word("deleted")),
      h("p", {}, button(`${at}.deleted`, word("restore"), () => tool.set({ [`${at}.deleted`]: "no" }, word("restored")))));
  }
  const mine = row.mine === "yes";
  return h("section", { class: "card" }, head, h("div", {}, lines(row.text)),
    mine ? select(`${at}.audience`, word("audience"), tool.get(`${at}.audience`), options(AUDIENCES, ""), (value) => tool.set({ [`${at}.audience`]: value }, word("changed")))
      : h("p", { class: "soft" }, word("seen_by", { audience: word(tool.get(`${at}.audience`)) })),
    tool.is(`${at}.tagged`) ? h("p", { class: "note" }, word("tagged")) : null,
    h("div", { class: "bar" },
      tool.is(`${at}.tagged`) ? button(`${at}.tagged`, word("untag"), () => tool.set({ [`${at}.tagged`]: "no" }, word("untagged"))) : null,
      mine ? button(`${at}.deleted`, word("delete"), () => tool.set({ [`${at}.deleted`]: "yes" }, word("deleted")))
        : toggle(tool, `${at}.reported`, [word("report"), word("reported")], [word("was_reported"), word("not_reported")], "flag"),
      toggle(tool, `${at}.shared`, [word("share"), word("shared")], [word("was_shared"), word("not_shared")])));
}

function draw(tool) {
  const { scene } = tool;
  const panels = ["settings", "people", "posts"].filter((name) => scene[name].length);
  const now = tool.ui.panel ?? panels[0];
  const views = {
    settings: () => h("section", { class: "card" }, settings(tool)),
    people: () => scene.people.map((row) => person(tool, row)),
    posts: () => scene.posts.map((row) => post(tool, row)),
  };
  return [h("p", { class: "soft" }, word("of", { site: scene.site, me: scene.me })),
    h("nav", { class: "panels", "aria-label": word("panels") }, panels.map((name) =>
      button(`panel-${name}`, word(name), () => tool.look({ panel: name }), { current: name === now }))),
    views[now]?.() ?? h("p", {}, word("empty"))].flat();
}

start(draw);
