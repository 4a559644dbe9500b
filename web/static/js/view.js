/** What the question page shows: the transom, the question, its documents, the save chip, the messages. */

import { byId, h, hidden, icon, putServerHtml } from "./dom.js";
import { hasWord, word } from "./words.js";

const PANES = 5;

/** Show where the last answer is: `local`, `server` or `none` (this browser keeps nothing). */
export function showSaved(state) {
  const chip = byId("saved");
  chip.classList.toggle("local", state !== "server");
  chip.replaceChildren(icon(state === "server" ? "on-server" : "on-computer"), word(`saved_${state}`));
}

/** Say something beside the question, politely; `null` takes it away. `where`: the place of what nothing else may cover. */
export function showMessage(kind, glyph, fact, advice = "", where = "message") {
  const place = byId(where);
  if (kind === null) place.replaceChildren();
  else place.replaceChildren(h("div", { class: `say ${kind}` }, icon(glyph), h("div", {}, h("b", {}, fact), ` ${advice}`)));
}

/** Say that the login has ended; when this browser kept nothing, the way to sign in leaves this page open. */
export function showSignIn(kept) {
  showMessage("wait", "person", word("signed_out_fact"), word(kept ? "signed_out_advice" : "signed_out_stay"));
  byId("sign-in").hidden = false;
  if (!kept) byId("sign-in").firstElementChild.target = "_blank";
}

/** Say something to screen readers only. */
export function announce(text) {
  byId("news").textContent = text;
}

function pane(number, position) {
  if (number < position) return h("li", { class: "lit" }, hidden(word("pane")), icon("check"), hidden(word("pane_done", { number })));
  if (number === position) return h("li", { class: "now", "aria-current": "step" }, hidden(word("pane")), String(number), hidden(word("pane_now")));
  return h("li", {}, hidden(word("pane")), String(number), hidden(word("pane_later")));
}

function sizeOf(bytes) {
  return bytes < 1_000_000
    ? word("kilobytes", { size: Math.max(1, Math.round(bytes / 1000)) })
    : word("megabytes", { size: (bytes / 1_000_000).toFixed(1).replace(".", word("decimal_sign")) });
}

function documentLink(file, url) {
  const ending = file.name.split(".").pop().toLowerCase();
  const kind = word(hasWord(`document_${ending}`) ? `document_${ending}` : "document_other");
  return h("a", { class: "file", href: url, download: file.name }, icon("download"),
    h("span", {}, h("b", {}, file.name), h("br"),
      h("span", { class: "soft" }, file.size ? word("document", { kind, size: sizeOf(file.size) }) : kind)));
}

function showDocuments(files, urlOf) {
  const place = byId("documents");
  place.hidden = files.length === 0;
  place.replaceChildren(...files.map((file) => documentLink(file, urlOf(file.name))));
}

function showPicture(picture, urlOf) {
  const place = byId("picture");
  place.hidden = !picture;
  place.replaceChildren(...(picture ? [h("img", { src: urlOf(picture.name), alt: picture.alt })] : []));
}

function showHelp(item, question) {
  const lines = [];
  if (item.help) lines.push(word("keys_choose", item.help));
  else lines.push(word("keys_enter"));
  if (question.focus) lines.push(word("focus_rule"));
  byId("help").replaceChildren(...lines.map((text) => h("p", {}, text)));
  byId("after").textContent = word(question.documents.length ? "after_documents" : "after");
}

/** Show a question; `item` is what its kind built, `urlOf(name)` gives the address of a document. */
export function showQuestion(state, item, urlOf) {
  const { question, position } = state;
  document.title = `${word("question_of", { position, total: PANES })} - Préau`;
  byId("panes").replaceChildren(...Array.from({ length: PANES }, (_, index) => pane(index + 1, position)));
  putServerHtml(byId("instruction"), question.instruction_html);
  putServerHtml(byId("detail"), question.detail_html);
  byId("detail").hidden = !question.detail_html;
  showPicture(question.picture, urlOf);
  showDocuments(question.documents, urlOf);
  byId("item").replaceChildren(item.element);
  byId("form").lang = question.lang;
  byId("place").textContent = word("question_of", { position, total: PANES });
  showHelp(item, question);
  showReason("");
  showSending(false);
  byId("form").hidden = false;
  byId("panes").hidden = false;
  byId("elsewhere").hidden = true;
}

/** Let the page be seen, once everything stands in its place. */
export function reveal() {
  document.body.classList.remove("waiting");
}

/** Hold the answer still while it is being sent; `false` lets it be changed again. */
export function showSending(sending) {
  byId("item").inert = sending;
  byId("pass").setAttribute("aria-disabled", String(sending));
  if (sending) showReady(false, word("sending"));
}

/** Make the main button possible, or dashed with the reason beside it. */
export function showReady(ready, reason) {
  const button = byId("validate");
  button.setAttribute("aria-disabled", String(!ready));
  byId("reason").textContent = ready ? "" : reason;
}

/** Say under the question why it was not sent, or nothing. */
export function showReason(text) {
  byId("refusal").replaceChildren(...(text ? [icon("alert"), ` ${text}`] : []));
}

/** Put the reader at the start of the new question. */
export function focusQuestion() {
  scrollTo(0, 0);
  byId("instruction").focus({ preventScroll: true });
}

/** Replace the question by the notice that another page has the sitting. */
export function showElsewhere() {
  byId("form").hidden = true;
  byId("panes").hidden = true;
  byId("elsewhere").hidden = false;
  reveal();
  byId("elsewhere-title").focus();
}
