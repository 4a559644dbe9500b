/** A mailbox: folders, a message, what can be done with it, and a message being written. */

import { button, entry, field, h, lines, select, start, typo, word } from "./kit.js";

const FOLDERS = ["inbox", "archive", "sent", "spam", "trash"];
const SENDS = 4;
const FIELDS = ["to", "cc", "bcc", "subject", "body", "attachments"];

const folders = (tool) => [...FOLDERS.map((id) => [id, word(id)]), ...(tool.scene.folders ?? []).map((row) => [row.id, typo(row.name)])];
const inFolder = (tool, id) => tool.scene.messages.filter((row) => tool.get(`message.${row.id}.folder`) === id);
const sent = (tool) => Array.from({ length: SENDS }, (_, index) => `sent.${index + 1}`).filter((key) => tool.get(`${key}.how`));

function compose(tool, how, message) {
  const { account } = tool.scene;
  const others = (text) => (text ?? "").split(/[,;]/).map((one) => one.trim()).filter((one) => one && one !== account).join(", ");
  const replyTo = (message?.headers ?? []).find((row) => row.name.toLowerCase() === "reply-to")?.text.match(/[^<\s]+@[^>\s]+/)?.[0];
  const draft = { how, of: message?.id ?? "", to: "", cc: "", bcc: "", subject: "", body: "", attachments: "" };
  if (how === "reply" || how === "reply_all") draft.to = replyTo ?? message.address;
  if (how === "reply_all") draft.cc = [others(message.to), others(message.cc)].filter(Boolean).join(", ");
  if (message) draft.subject = `${word(how === "forward" ? "prefix_forward" : "prefix_reply")} ${message.subject}`;
  if (how === "forward") draft.attachments = (message.attachments ?? []).join(", ");
  tool.look({ draft, ...Object.fromEntries(FIELDS.map((name) => [`draft_${name}`, draft[name]])) }, word("composing"));
  document.querySelector('[data-k="entry-draft_to"]')?.focus();
}

function send(tool) {
  const number = tool.free("sent.", SENDS, "how");
  if (!number) return tool.say(word("no_more"));
  const { draft } = tool.ui;
  const facts = { [`sent.${number}.how`]: draft.how, [`sent.${number}.of`]: draft.of };
  for (const name of FIELDS) facts[`sent.${number}.${name}`] = (tool.ui[`draft_${name}`] ?? "").trim();
  tool.ui.draft = null;
  return tool.set(facts, word("was_sent"));
}

function writing(tool) {
  const body = h("textarea", { id: "draft-body", rows: 6, maxlength: 3000, input: (event) => { tool.ui.draft_body = event.target.value; } });
  body.value = tool.ui.draft_body ?? "";
  const files = tool.ui.draft_attachments;
  return h("section", { class: "card" }, h("h2", {}, word(`how_${tool.ui.draft.how}`)),
    ["to", "cc", "bcc", "subject"].map((name) => entry(tool, `draft_${name}`, word(name))),
    h("div", { class: "field" }, h("label", { for: "draft-body" }, word("body")), body),
    files ? h("p", { class: "soft" }, word("attached", { names: files })) : null,
    h("div", { class: "bar" }, button("send", word("send"), () => send(tool), { glyph: "send" }),
      button("cancel", word("cancel"), () => tool.look({ draft: null }, word("cancelled")), { bare: true })));
}

function reading(tool, message) {
  const at = `message.${message.id}`;
  const facts = (rows) => h("dl", { class: "facts" }, rows.filter(([, text]) => text).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
  const own = (message.headers ?? []).map((row) => [row.name, row.text]);
  return h("article", { class: "card" }, h("h2", {}, typo(message.subject)),
    facts([[word("from"), message.from], [word("to"), message.to ?? tool.scene.account], [word("cc"), message.cc], [word("date"), typo(message.date ?? "")]]),
    h("div", { class: "bar" }, button("details", word("details"), () => tool.look({ details: !tool.ui.details }), { pressed: Boolean(tool.ui.details) })),
    tool.ui.details ? facts([[word("address"), message.address], ...own]) : null,
    h("div", {}, lines(message.body)),
    (message.links ?? []).map((link, index) => h("p", {},
      button(`link-${index}`, typo(link.text), () => tool.set({ [`${at}.clicked`]: "yes" }, word("followed")), { bare: true }),
      h("span", { class: "soft" }, ` ${word("leads_to", { url: link.url })}`))),
    tool.is(`${at}.clicked`) ? h("p", { class: "note" }, word("followed")) : null,
    (message.attachments ?? []).map((name, index) => h("p", {}, button(`file-${index}`, name, () => tool.set({ [`${at}.opened`]: "yes" }, word("opened")), { glyph: "page" }))),
    tool.is(`${at}.opened`) ? h("p", { class: "note" }, word("opened")) : null,
    h("div", { class: "bar" },
      ["reply", "reply_all", "forward"].map((how) => button(how, word(how), () => compose(tool, how, message)))),
    h("div", { class: "bar" },
      select("move", word("move"), tool.get(`${at}.folder`), folders(tool), (id) => tool.set({ [`${at}.folder`]: id }, word("moved"))),
      button("delete", word("delete"), () => tool.set({ [`${at}.folder`]: "trash" }, word("moved"))),
      button("report", word(tool.is(`${at}.reported`) ? "reported" : "report"), () => {
        const on = !tool.is(`${at}.reported`);
        tool.set({ [`${at}.reported`]: on ? "yes" : "no" }, word(on ? "was_reported" : "not_reported"));
      }, { glyph: "flag", pressed: tool.is(`${at}.reported`) })));
}

function listing(tool, folder) {
  const rows = inFolder(tool, folder).map((row) => h("li", {}, button(`m-${row.id}`, h("span", {},
    h("span", { class: row.unread === "yes" && !tool.ui[`seen-${row.id}`] ? "unread" : null }, row.from), h("br"), typo(row.subject),
    h("span", { class: "soft" }, ` ${typo(row.date ?? "")}`)),
  () => tool.look({ message: row.id, details: false, [`seen-${row.id}`]: true }), { current: tool.ui.message === row.id })));
  const mine = folder === "sent" ? sent(tool).map((key) => h("li", { class: "note" }, `${tool.get(`${key}.to`)} - ${tool.get(`${key}.subject`)}`)) : [];
  return rows.length + mine.length ? h("ul", { class: "list" }, rows, mine) : h("p", { class: "soft" }, word("empty"));
}

function draw(tool) {
  const folder = tool.ui.folder ?? "inbox";
  const message = inFolder(tool, folder).find((row) => row.id === tool.ui.message);
  return [
    h("div", { class: "bar" }, button("new", word("how_new"), () => compose(tool, "new", null), { glyph: "plus" }), h("span", { class: "soft" }, tool.scene.account)),
    h("nav", { class: "panels", "aria-label": word("folders") }, folders(tool).map(([id, name]) =>
      button(`folder-${id}`, `${name} (${inFolder(tool, id).length + (id === "sent" ? sent(tool).length : 0)})`,
        () => tool.look({ folder: id, message: null }), { current: id === folder }))),
    listing(tool, folder),
    tool.ui.draft ? writing(tool) : message ? reading(tool, message) : null,
  ].filter(Boolean);
}

start(draw);
