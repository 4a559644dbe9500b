/** The network settings of a computer: switches, networks, addresses, proxy, checks and a conclusion. */

import { button, field, h, lines, select, start, tick, typo, word } from "./kit.js";

const modes = ["auto", "manual"].map((id) => [id, word(id)]);
const proxies = ["none", "auto", "manual"].map((id) => [id, word(`p_${id}`)]);
const change = (tool, key) => (value) => tool.set({ [key]: value }, word("turned"));

function networks(tool) {
  if (tool.is("airplane")) return h("p", { class: "note" }, word("flying"));
  if (!tool.is("wifi")) return h("p", { class: "note" }, word("wifi_off"));
  const chosen = tool.scene.networks.find((row) => tool.is("wifi.network", row.id));
  return [
    h("ul", { class: "list" }, tool.scene.networks.map((row) => h("li", {}, button(`net-${row.id}`, h("span", {}, row.name,
      h("span", { class: "soft" }, ` ${word(row.security)}, ${word("signal", { level: row.signal })}`)),
    () => tool.set({ "wifi.network": row.id, "wifi.password": "" }, word("chosen", { name: row.name })), { pressed: row === chosen })))),
    chosen && chosen.security !== "open" ? field(tool, "wifi.password", word("password", { name: chosen.name })) : null,
    chosen ? h("p", {}, button("leave", word("leave"), () => tool.set({ "wifi.network": "none", "wifi.password": "" }, word("left")))) : null,
  ];
}

function addresses(tool) {
  return h("section", { class: "card" }, h("h2", {}, word("addresses")), h("div", { class: "fields" },
    select("ip.mode", word("ip_mode"), tool.get("ip.mode"), modes, change(tool, "ip.mode")),
    tool.is("ip.mode", "manual") ? ["address", "mask", "gateway"].map((name) => field(tool, `ip.${name}`, word(`ip_${name}`))) : null,
    select("dns.mode", word("dns_mode"), tool.get("dns.mode"), modes, change(tool, "dns.mode")),
    tool.is("dns.mode", "manual") ? field(tool, "dns.server", word("dns_server")) : null));
}

function proxy(tool) {
  return h("section", { class: "card" }, h("h2", {}, word("proxy")), h("div", { class: "fields" },
    select("proxy.mode", word("proxy_mode"), tool.get("proxy.mode"), proxies, change(tool, "proxy.mode")),
    tool.is("proxy.mode", "manual") ? ["host", "port"].map((name) => field(tool, `proxy.${name}`, word(`proxy_${name}`))) : null));
}

function checks(tool) {
  const { checks: all, diagnoses } = tool.scene;
  if (!all.length && !diagnoses.length) return null;
  return h("section", { class: "card" }, h("h2", {}, word("checks")),
    all.map((row) => h("div", {}, button(`check-${row.id}`, word("run", { name: typo(row.name) }), () => tool.set({ [`check.${row.id}`]: "yes" }, typo(row.text))),
      tool.is(`check.${row.id}`) ? h("div", { class: "note" }, lines(row.text)) : null)),
    diagnoses.length ? h("fieldset", {}, h("legend", { class: "lab" }, word("conclusion")), diagnoses.map((row) =>
      h("div", { class: "tick" }, h("input", {
        type: "radio", name: "diagnosis", id: `d-${row.id}`, "data-k": `d-${row.id}`, checked: tool.is("diagnosis", row.id),
        change: () => tool.set({ diagnosis: row.id }, word("concluded")),
      }), h("label", { for: `d-${row.id}` }, typo(row.text))))) : null);
}

function draw(tool) {
  return [
    h("div", { class: "fields" }, ["airplane", "wifi", "bluetooth", "hotspot"].map((name) => tick(tool, name, word(name), word("turned")))),
    tool.scene.networks.length ? h("section", { class: "card" }, h("h2", {}, word("networks")), [networks(tool)].flat().filter(Boolean)) : null,
    addresses(tool), proxy(tool), checks(tool),
  ].filter(Boolean);
}

start(draw);
