/** The permissions panel of a phone: a list of applications, and what the chosen one may use. */

import { button, h, lines, options, select, start, tick, typo, word } from "./kit.js";

const NAMES = ["location", "camera", "microphone", "contacts", "photos", "calendar", "notifications"];
const ALLOWED = ["allow", "using", "ask", "deny"];

function panel(tool, app) {
  const at = `app.${app.id}`;
  const here = tool.is(`${at}.installed`);
  const change = (name) => (value) => tool.set({ [`${at}.${name}`]: value }, word("changed"));
  const installed = [
    h("div", { class: "fields" }, NAMES.map((name) => select(`${at}.${name}`, word(name), tool.get(`${at}.${name}`), options(ALLOWED, "v_"), change(name)))),
    tick(tool, `${at}.precise`, word("precise"), word("changed")),
  ];
  return h("section", { class: "card" }, h("h2", {}, typo(app.name)), app.about ? h("div", {}, lines(app.about)) : null,
    here ? installed : h("p", { class: "note" }, word("gone")),
    h("p", {}, button("install", word(here ? "uninstall" : "install"), () =>
      tool.set({ [`${at}.installed`]: here ? "no" : "yes" }, word(here ? "removed" : "back")))));
}

function draw(tool) {
  const { apps } = tool.scene;
  const app = apps.find((row) => row.id === tool.ui.app);
  return [
    tick(tool, "service.location", word("service"), word("service_changed")),
    h("nav", { class: "panels", "aria-label": word("apps") }, apps.map((row) =>
      button(`app-${row.id}`, `${typo(row.name)}${tool.is(`app.${row.id}.installed`) ? "" : ` (${word("gone")})`}`, () => tool.look({ app: row.id }), { current: row.id === tool.ui.app }))),
    app ? panel(tool, app) : null,
  ].filter(Boolean);
}

start(draw);
