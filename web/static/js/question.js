/**
 * The question page: shows a question, keeps what the pupil does, sends it, shows the next one.
 *
 * An answer is put in the browser's store, then sent until the server says it is saved, then forgotten here. Until
 * then the page says "on this computer". The next question can only come from the server, so without a connection
 * the page keeps the answer and waits.
 */

import { AnswerStore } from "./answer_store.js";
import { Connection } from "./connection.js";
import { listen } from "./controls.js";
import { byId, randomKey } from "./dom.js";
import { Fence } from "./fence.js";
import { prepareReport } from "./report.js";
import { request, Sender } from "./sender.js";
import * as view from "./view.js";
import { word } from "./words.js";

const FACE_MS = 500;
const HOPELESS = new Set([400, 409, 413, 422]);
const FENCED = new Set(["sitting.fenced", "sitting.old_epoch"]);

const page = JSON.parse(byId("page").textContent);
const connection = new Connection();
const sender = new Sender((cut) => connection.troubled(cut));
const fence = new Fence(page.participation, () => view.showElsewhere());
let store = null;
let state = page.state;
let item = null;
let busy = false;
let claiming = null;

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
  await showTime(state.remaining ?? state.question.timer);
  view.reveal();
  busy = false;
  if (focus) view.focusQuestion();
}

async function showTime(seconds) {
  if (seconds === null && byId("timer").hidden) return;
  const { startTimer } = await import("./timer.js");
  startTimer(seconds);
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
  view.showSending(true);
  await send(entry);
}

async function send(entry) {
  let wasWaiting = connection.cut;
  const held = await epoch();
  if (held === null) {
    busy = false;
    view.showSending(false);
    return undefined;
  }
  const reply = await sender.deliver("POST", api("/answers"), () => {
    wasWaiting ||= connection.cut;
    return { number: entry.number, key: entry.key, epoch: fence.epoch ?? held, answer: entry.answer };
  });
  if (reply.status !== 200) return refused(reply, entry);
  await store?.acknowledged(entry.number).catch(() => {});
  view.showSaved("server");
  connection.acknowledged(wasWaiting);
  return show(reply.body.state, { focus: true });
}

/** A final refusal. What the server did not take is only forgotten when it can never be taken. */
async function refused(reply, entry) {
  busy = false;
  view.showSending(false);
  const error = reply.body.error ?? { code: "", message: word("refused") };
  if (reply.status === 401) return signIn();
  if (FENCED.has(error.code)) {
    fence.drop();
    return view.showElsewhere();
  }
  if (HOPELESS.has(reply.status)) {
    await store?.acknowledged(entry.number).catch(() => {});
    view.showSaved("server");
  }
  if (reply.body.state) {
    view.showMessage("info", "info", error.message);
    return show(reply.body.state, { focus: true });
  }
  view.showReady(item.read() !== null, word(`missing_${item.missing}`));
  return view.showReason(error.message);
}

function signIn() {
  view.showMessage("wait", "person", word("signed_out_fact"), word("signed_out_advice"));
  byId("sign-in").hidden = false;
}

/** The epoch this page holds, asked for once when it has none; null when another page has the sitting. */
async function epoch() {
  if (fence.epoch === null) {
    claiming ??= claim().finally(() => { claiming = null; });
    await claiming;
  }
  return fence.epoch;
}

async function claim() {
  if (fence.resume(page.epoch)) return;
  if (await fence.heldByAnotherTab()) view.showElsewhere();
  else await take();
}

async function take() {
  const reply = await sender.deliver("POST", api("/hold"), () => ({}));
  if (reply.status === 200) fence.taken(reply.body.epoch);
  else if (reply.status === 401) signIn();
  else view.showReason(reply.body.error?.message ?? word("refused"));
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
  if (busy || waiting.length === 0) return;
  busy = true;
  view.showSaved("local");
  view.showSending(true);
  for (const entry of waiting) {
    if (entry.number === state.number && entry.answer !== null) item.write(entry.answer);
    await send(entry);
  }
}

function submit() {
  if (busy) return;
  const answer = item.read();
  if (answer === null) view.showReason(word(`missing_${item.missing}`));
  else validate(answer);
}

async function start() {
  store = await AnswerStore.open(page.participation).catch(() => null);
  view.showSaved("server");
  listen({
    submit,
    pass: () => validate(null),
    takeBack,
    mayLeave: () => !busy,
    choose: (letter) => Boolean(item?.keys?.(letter)),
    isFocused: () => Boolean(state.question?.focus),
  });
  prepareReport((category, text) =>
    sender.deliver("POST", api("/reports"), () => ({ number: state.number, category, text })));
  await Promise.race([document.fonts.ready, new Promise((soon) => { setTimeout(soon, FACE_MS); })]);
  await show(state, { focus: false });
  if ((await epoch()) !== null) await sendWaiting();
}

start();
