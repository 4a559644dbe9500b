/**
 * What a certification adds to the question page: the room's time, what stops the candidate, and its people.
 *
 * `question.js` asks, answers and keeps; this shows why no answer is taken now, hears the supervisor's acts, and offers to
 * the supervisor what this machine kept when the passage went elsewhere.
 */

import { byId, h } from "./dom.js";
import { showClock } from "./exam_clock.js";
import { follow } from "./exam_live.js";
import { meaningOf as usual } from "./sender.js";
import * as view from "./view.js";
import { word } from "./words.js";

const REASONS = ["alert", "paused", "extension_missing", "left", "resume_allowed", "moved"];
const WINDOWS_LEFT = "preau-left";

function panes(done, total) {
  byId("panes").className = "transom fine";
  byId("panes").replaceChildren(...Array.from({ length: total }, (_, index) =>
    h("li", { class: index < done ? "lit" : index === done ? "now" : null })));
}

/** Begin; `show(state)` and `epoch()` are the question page's own, `busy()` says whether an answer is on its way. */
export function enter({ page, sender, fence, epoch, show, busy, send }) {
  let state = page.state;
  let withdrawing = false, missed = false;
  const api = (path) => `${page.api}${path}`;
  const post = (path, body, again = (found) => "state" in found) => sender.deliver("POST", api(path), () => body, again);

  async function refresh() {
    missed = busy() || fence.epoch === null;
    if (missed) return;
    const reply = await sender.deliver("GET", api(`/next?epoch=${fence.epoch}`), undefined, (body) => "state" in body);
    if (reply.status !== 200) return;
    await show(reply.body, { focus: reply.body.serial !== state.serial });
    if (reply.body.state === "question") await send();
  }

  /** Ask for what was told while this page could not: before it had the passage, or with an answer on its way. */
  const catchUp = () => { if (missed) refresh(); };

  async function act(path, body = {}) {
    const reply = await post(path, body);
    const next = reply.status === 200 ? reply.body : reply.body.state;
    if (next) await show(next, { focus: true });
    if (reply.status !== 200) view.showMessage("alert", "alert", reply.body.error.message);
  }

  /** Act on the waiting question, once this page has the passage: just after a reload it has not yet. */
  async function actOnQuestion(path) {
    const mine = await epoch();
    if (mine !== null) await act(path, { number: state.number, epoch: mine });
  }

  function held(next) {
    const why = REASONS.includes(next.room) ? next.room : "paused";
    byId("form").hidden = true;
    byId("held").hidden = false;
    document.querySelector("main").classList.add("held");
    byId("held-title").textContent = word(`held_${why}_title`);
    byId("held-lead").textContent = word(`held_${why}_lead`);
    byId("held-saved").textContent = word("held_saved", { count: next.answered });
    byId("held-time").textContent = word(next.clock.running ? "held_time_runs" : "held_time_stands");
    byId("held-back").hidden = why !== "resume_allowed";
    byId("held-withdraw").hidden = why !== "alert";
    byId("held-title").focus();
  }

  function opens(next) {
    const before = state;
    state = next;
    showClock(next.clock);
    byId("call").setAttribute("aria-pressed", String(next.called));
    byId("call-words").textContent = word(next.called ? "called" : "call");
    byId("leave").hidden = next.state !== "question";
    byId("report-open").hidden = next.state !== "question";
    byId("problem").hidden = next.state !== "question";
    if (next.state === "question") {
      if (before.state === "held" && before.room === "alert") view.showMessage("ok", "check",
        word(before.serial !== next.serial ? "alert_validated" : withdrawing ? "alert_withdrawn" : "alert_dismissed"));
      document.querySelector("main").classList.remove("held");
      byId("held").hidden = true;
      return true;
    }
    panes(next.answered, next.of);
    view.reveal();
    held(next);
    return false;
  }

  function showPlace(next) {
    panes(next.answered, next.of);
    const words = word("question_of", { position: next.number, total: next.of });
    document.title = `${words} - Préau`;
    byId("place").textContent = words;
    byId("panes-words").replaceChildren(words);
    byId("after").textContent = word("exam_after");
    const seconds = next.remaining ?? next.question.timer;
    byId("own-time").textContent = seconds === null ? "" : word("own_time", { minutes: Math.max(1, Math.ceil(seconds / 60)) });
  }

  const leftHere = () => sessionStorage.getItem(WINDOWS_LEFT) === String(state.serial);

  function windowLeft() {
    if (!state.question?.focus || leftHere() || document.activeElement?.tagName === "IFRAME") return;
    sessionStorage.setItem(WINDOWS_LEFT, String(state.serial));
    view.showMessage("wait", "show", word("focus_fact"), word("exam_focus_advice"));
    post("/window", { number: state.number }, () => true);
  }

  function facts(entry) {
    return { serial: entry.number, left: sessionStorage.getItem(WINDOWS_LEFT) === String(entry.number) };
  }

  /** A question that was taken away takes its answer along; what is only stopped is kept. */
  function meaningOf(reply, entry) {
    const now = reply.body.state;
    if (reply.status === 409 && now && now.serial > entry.number) return "past";
    if (reply.status === 409 && now && now.state === "held") {
      show(now, { focus: true });
      return "keep";
    }
    return usual(reply, entry.question);
  }

  /** Offer the supervisor what this machine kept; only once they have it is it forgotten here. */
  async function offer(entry, reply, store) {
    if (reply.body.state) return;
    const given = { number: entry.question, key: entry.key, answer: entry.answer };
    const kept = await post("/leftovers", given, () => true);
    if (kept.status === 200) await store.acknowledged(entry.number).catch(() => {});
  }

  byId("call").addEventListener("click", () => act("/call", { wanted: !state.called }));
  byId("held-back").addEventListener("click", () => act("/return"));
  byId("report-open").addEventListener("click", () => byId("report").showModal());
  byId("report-cancel").addEventListener("click", () => byId("report").close());
  byId("report-form").addEventListener("submit", (event) => {
    event.preventDefault();
    byId("report").close();
    actOnQuestion("/report");
  });
  byId("held-withdraw").addEventListener("click", async () => {
    withdrawing = true;
    await actOnQuestion("/report/withdraw");
    withdrawing = false;
  });
  byId("leave").addEventListener("click", (event) => {
    event.preventDefault();
    if (!busy()) byId("leaving").showModal();
  });
  byId("leaving-cancel").addEventListener("click", () => byId("leaving").close());
  byId("leaving-form").addEventListener("submit", (event) => {
    event.preventDefault();
    byId("leaving").close();
    act("/leave");
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) windowLeft(); });
  addEventListener("blur", () => setTimeout(windowLeft));
  follow(page, {
    heard: {
      changed: refresh,
      message: ({ text }) => view.showMessage("info", "info", word("said"), text),
      over: () => location.assign(page.urls.end),
      fenced: ({ epoch }) => { if (epoch === undefined || (fence.epoch !== null && epoch > fence.epoch)) { fence.drop(); view.showElsewhere(); } },
    },
    epoch: () => fence.epoch,
    back: (seconds) => view.showMessage("ok", "credit", word("given_back", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 }), "", "given-back"),
  });
  return { opens, showPlace, facts, meaningOf, offer, catchUp };
}
