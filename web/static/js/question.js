/**
 * The question page: shows a question, keeps what the pupil does, sends it, shows the next one.
 *
 * An answer is put in the browser's store, then sent until the server says it is saved, then forgotten here. Until then the page
 * says "on this computer". The next question can only come from the server, so without a connection the page keeps the answer and
 * waits. In a certification, `exam_room.js` adds the room: its time, its stops, its people.
 */

import { AnswerStore, NoStore } from "./answer_store.js";
import { Connection } from "./connection.js";
import { listen } from "./controls.js";
import { byId, randomKey } from "./dom.js";
import { Fence } from "./fence.js";
import { prepareReport } from "./report.js";
import { meaningOf, request, Sender } from "./sender.js";
import * as view from "./view.js";
import { word } from "./words.js";

const FACE_MS = 500;
const page = JSON.parse(byId("page").textContent);
const connection = new Connection();
const sender = new Sender((cut) => connection.troubled(cut));
const fence = new Fence(page.participation, () => view.showElsewhere());
let state = page.state, busy = false, store = null, item = null, claiming = null, room = null;

const api = (path) => `${page.api}${path}`;
/** What the store files a question under: a question that took another's number is another question. */
const place = () => state.serial ?? state.number;
const documentUrl = (name) => api(`/questions/${state.number}/documents/${encodeURIComponent(name)}`);

async function show(next, { focus }) {
  if (next.seq < state.seq) return idle(); // Overtaken on its way by what is shown already.
  if (next.state === "finished") return location.assign(page.urls.end);
  if (next.checkpoint && focus) return location.assign(page.urls.checkpoint);
  state = next;
  if (room && !room.opens(next)) return idle();
  const kind = await sender.script(`./items/${next.question.kind}.js`, api(""));
  if (state !== next) return;
  item = kind.build(state.question.fields, {
    changed,
    announce: view.announce,
    upload: (file) => request("POST", `${api(`/questions/${state.number}/hand-back`)}?name=${encodeURIComponent(file.name)}`, file)
        .catch(() => ({ status: 0, body: {} })),
  });
  view.showQuestion(state, item, documentUrl);
  room?.showPlace(state);
  const draft = await store.draft(place());
  if (state !== next) return;
  if (draft !== null && draft !== undefined) item.write(draft);
  view.showReady(item.read() !== null, word(`missing_${item.missing}`));
  if (!room) await showTime(state.remaining ?? state.question.timer);
  view.reveal();
  busy = false;
  if (focus) view.focusQuestion();
  room?.catchUp();
}

async function showTime(seconds) {
  if (seconds === null && byId("timer").hidden) return;
  const { startTimer } = await import("./timer.js");
  startTimer(seconds);
}

function changed() {
  view.showReady(item.read() !== null, word(`missing_${item.missing}`));
  store.keepDraft(place(), item.draft ? item.draft() : item.read()).catch(() => {});
}

async function validate(answer) {
  if (busy) return;
  busy = true;
  connection.goOn();
  view.showReason("");
  const entry = { number: place(), question: state.number, key: randomKey(), answer };
  connection.kept = await store.keep(entry).then(() => true, () => false);
  view.showSaved(connection.kept ? "local" : "none");
  view.showSending(true);
  await send(entry);
}

async function send(entry) {
  let wasWaiting = connection.cut;
  const held = await epoch();
  if (held === null) return idle();
  const reply = await sender.deliver("POST", api("/answers"), () => {
    wasWaiting ||= connection.cut;
    const { question: number, key, answer } = entry;
    return { number, key, epoch: fence.epoch ?? held, answer, ...room?.facts(entry) };
  }, (body) => body.saved.number === entry.question && "state" in body.state);
  if (reply.status !== 200) return refused(reply, entry);
  await store.acknowledged(entry.number).catch(() => {});
  view.showSaved("server");
  connection.acknowledged(wasWaiting);
  return show(reply.body.state, { focus: true });
}

/** Nothing is on its way: the answer can be changed or sent again. */
function idle() {
  busy = false;
  room?.catchUp();
  if (!item) return;
  view.showSending(false);
  view.showReady(item.read() !== null, word(`missing_${item.missing}`));
}

/** A final refusal. What the server did not take is only forgotten when it can never be taken. */
async function refused(reply, entry) {
  idle();
  const { message } = reply.body.error;
  const meaning = room?.meaningOf(reply, entry) ?? meaningOf(reply, entry.question);
  if (meaning === "sign_in") return view.showSignIn(connection.kept);
  if (meaning === "elsewhere") {
    fence.drop();
    await room?.offer(entry, reply, store);
    return view.showElsewhere();
  }
  if (meaning !== "keep") view.showSaved("none");
  if (meaning === "past") {
    await store.acknowledged(entry.number).catch(() => {});
    view.showMessage("info", "info", message, word("not_taken"));
    return show(reply.body.state, { focus: true });
  }
  if (meaning === "correct") await store.backToDraft(entry).catch(() => {});
  return view.showReason(message);
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
  // Asked even when this tab seems to have it: a duplicated tab has the memory of the first.
  if (await fence.heldByAnotherTab()) view.showElsewhere();
  else if (!fence.resume(page.epoch)) await take();
}

async function take() {
  const reply = await sender.deliver("POST", api("/hold"), () => ({}), (body) => body.epoch > 0);
  if (reply.status === 200) fence.taken(reply.body.epoch);
  else if (reply.status === 401) view.showSignIn(connection.kept);
  else view.showReason(reply.body.error.message);
}

async function takeBack() {
  await take();
  if (fence.epoch !== null) await look();
}

/** Show where the sitting stands now: taking it may have opened what was held, as on the machine it moved to. */
async function look() {
  const reply = await sender.deliver("GET", `${api("/next")}?epoch=${fence.epoch}&after_checkpoint=1`, undefined, (body) => "state" in body);
  if (reply.status === 200) await show(reply.body, { focus: true });
  await sendWaiting();
}

/** Send what an earlier life of this page left: a reload, a crash, a cut connection. */
async function sendWaiting() {
  const waiting = await store.waiting();
  if (busy || waiting.length === 0) return;
  busy = true;
  view.showSaved("local");
  view.showSending(true);
  for (const entry of waiting) {
    if (entry.number === place() && entry.answer !== null && item) item.write(entry.answer);
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
  store = await AnswerStore.open(page.participation).catch(() => new NoStore());
  connection.kept = store instanceof AnswerStore;
  view.showSaved((await store.waiting()).length ? "local" : "server");
  addEventListener("beforeunload", (event) => { if (busy && !connection.kept) event.preventDefault(); });
  listen({
    submit, takeBack,
    pass: () => validate(null), mayLeave: () => !busy,
    choose: (letter) => Boolean(item?.keys?.(letter)),
    isFocused: () => Boolean(state.question?.focus),
  });
  if (page.exam) room = (await import("./exam_room.js")).enter({ page, sender, fence, epoch, show, busy: () => busy, send: sendWaiting });
  else prepareReport((category, text) => sender.deliver("POST", api("/reports"), () => ({ number: state.number, category, text })));
  await Promise.race([document.fonts.ready, new Promise((soon) => { setTimeout(soon, FACE_MS); })]);
  await show(state, { focus: false });
  if ((await epoch()) !== null) await (state.state === "held" ? look() : sendWaiting());
  room?.catchUp();
}

start();
