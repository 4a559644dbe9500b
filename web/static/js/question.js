/**
 * The question page: shows a question, keeps what the pupil does, sends it, shows the next one.
 *
 * An answer is put in the browser's store, then sent until the server says it is saved, then forgotten here. Until
 * then the page says "on this computer". The next question can only come from the server, so without a connection
 * the page keeps the answer and waits.
 */

import { AnswerStore } from "./answer_store.js";
import { Connection } from "./connection.js";
import { byId, randomKey } from "./dom.js";
import { Fence } from "./fence.js";
import { prepareReport } from "./report.js";
import { request, Sender } from "./sender.js";
import { startTimer } from "./timer.js";
import * as view from "./view.js";
import { word } from "./words.js";

const FENCED = new Set(["sitting.fenced", "sitting.old_epoch"]);

const page = JSON.parse(byId("page").textContent);
const connection = new Connection();
const sender = new Sender((cut) => connection.troubled(cut));
const fence = new Fence(page.participation, () => view.showElsewhere());
let store = null;
let state = page.state;
let item = null;
let busy = false;

const api = (path) => `${page.api}${path}`;
const documentUrl = (name) => api(`/questions/${state.number}/documents/${encodeURIComponent(name)}`);

async function show(next, { focus }) {
  if (next.state === "finished") return location.assign(page.urls.end);
  if (next.checkpoint && focus) return location.assign(page.urls.checkpoint);
  state = next;
  const kind = await import(`./items/${state.question.kind}.js`);
  item = kind.build(state.question.fields, {
    changed,
    announce: view.announce,
    upload: (file) =>
      request("POST", `${api(`/questions/${state.number}/hand-back`)}?name=${encodeURIComponent(file.name)}`, file)
        .catch(() => ({ status: 0, body: {} })),
  });
  view.showQuestion(state, item, documentUrl);
  const draft = await store?.draft(state.number);
  if (draft !== null && draft !== undefined) item.write(draft);
  view.showReady(item.read() !== null, word(`missing_${item.missing}`));
  startTimer(state.remaining ?? state.question.timer);
  busy = false;
  if (focus) view.focusQuestion();
}

function changed() {
  view.showReady(item.read() !== null, word(`missing_${item.missing}`));
  const draft = item.draft ? item.draft() : item.read();
  store?.keepDraft(state.number, draft).catch(() => {});
}

async function validate(answer) {
  if (busy) return;
  busy = true;
  connection.goOn();
  view.showReason("");
  const entry = { number: state.number, key: randomKey(), answer };
  try {
    await store.keep(entry);
    view.showSaved("local");
  } catch {
    view.showSaved("none");
  }
  view.showReady(false, word("sending"));
  await send(entry);
}

async function send(entry) {
  let wasWaiting = false;
  const reply = await sender.deliver("POST", api("/answers"), async () => {
    if (connection.cut) wasWaiting = true;
    return { number: entry.number, key: entry.key, epoch: await epoch(), answer: entry.answer };
  });
  if (reply.status === 200) {
    await store?.acknowledged(entry.number).catch(() => {});
    view.showSaved("server");
    connection.acknowledged(wasWaiting || connection.cut);
    return show(reply.body.state, { focus: true });
  }
  return refused(reply, entry);
}

async function refused(reply, entry) {
  busy = false;
  const error = reply.body.error ?? { code: "", message: word("refused") };
  if (reply.status === 401) return signIn();
  if (FENCED.has(error.code)) {
    fence.drop();
    return view.showElsewhere();
  }
  await store?.acknowledged(entry.number).catch(() => {});
  view.showSaved("server");
  if (reply.body.state) {
    view.showMessage("info", "info", error.message);
    return show(reply.body.state, { focus: true });
  }
  view.showReady(item.read() !== null, word(`missing_${item.missing}`));
  view.showReason(error.message);
}

function signIn() {
  view.showMessage("wait", "person", word("signed_out_fact"), word("signed_out_advice"));
  byId("sign-in").hidden = false;
}

/** The epoch this page holds, asked of the server when it has none yet. */
async function epoch() {
  if (fence.epoch === null) await take();
  return fence.epoch;
}

async function take() {
  const reply = await sender.deliver("POST", api("/hold"), () => ({}));
  if (reply.status === 401) return signIn();
  if (reply.status === 200) fence.taken(reply.body.epoch);
}

async function takeBack() {
  await take();
  if (fence.epoch === null) return;
  const reply = await sender.deliver("GET", `${api("/next")}?epoch=${fence.epoch}&after_checkpoint=1`);
  if (reply.status === 200) await show(reply.body, { focus: true });
  await sendWaiting();
}

/** Send what an earlier life of this page left: a reload, a crash, a cut connection. */
async function sendWaiting() {
  const waiting = (await store?.waiting()) ?? [];
  if (waiting.length === 0) return;
  busy = true;
  view.showSaved("local");
  view.showReady(false, word("sending"));
  for (const entry of waiting) {
    if (entry.number === state.number && entry.answer !== null) item.write(entry.answer);
    await send(entry);
  }
}

function listen() {
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = item.read();
    if (answer === null) view.showReason(word(`missing_${item.missing}`));
    else validate(answer);
  });
  byId("pass").addEventListener("click", () => validate(null));
  byId("take-back").addEventListener("click", takeBack);
  byId("leave").addEventListener("click", (event) => {
    if (!busy) return;
    event.preventDefault();
    view.showMessage("wait", "offline", word("leave_fact"), word("leave_advice"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("dialog, select, textarea, a, button, summary, input:not([type=radio], [type=checkbox])")) return;
    if (event.key === "Enter") {
      event.preventDefault();
      byId("form").requestSubmit();
    } else if (item?.keys?.(event.key)) {
      event.preventDefault();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && state.question?.focus) view.showMessage("wait", "show", word("focus_fact"), word("focus_advice"));
  });
  prepareReport((category, text) =>
    sender.deliver("POST", api("/reports"), () => ({ number: state.number, category, text })));
}

async function start() {
  store = await AnswerStore.open(page.participation).catch(() => null);
  view.showSaved("server");
  listen();
  await show(state, { focus: false });
  if (!fence.resume(page.epoch)) {
    if (await fence.heldByAnotherTab()) return view.showElsewhere();
    await take();
  }
  await sendWaiting();
}

start();
