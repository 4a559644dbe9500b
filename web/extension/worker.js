/**
 * The extension's own part: knows which exam pages are open, what is seen around them, blocks the rest, and speaks to the server.
 *
 * Pages are told two things alone, a ticket and whether the server believed this machine; nothing a page says is believed here
 * but where it stands, which the browser itself vouches for.
 */

import { block } from "./blocking.js";
import { Line } from "./line.js";
import { onSettings, settings } from "./settings.js";

const LINGER_MS = 10_000;
const TURN_MS = 4000;
const LATE_MS = 3000;
const TEST = /^\/exam\/([0-9a-f]{16})\/question$/;
const OVER = /^\/exam\/[0-9a-f]{16}\/end$/;
const PASSAGE = /^\/exam\/([0-9a-f]{16})(\/|$)/;

const pages = new Map();
let found = null, line = null, closing = 0;
let updating = false, proven = false, copies = 0, pastes = 0, about = "", aboutAt = 0;

const tellAll = (message) => pages.forEach((_, port) => port.postMessage(message));

async function others() {
  if (!(await chrome.permissions.contains({ permissions: ["management"] }))) return null;
  const known = await chrome.management.getAll();
  return known.filter((one) => one.enabled && one.type === "extension" && one.id !== chrome.runtime.id).length;
}

/** The passage of a page: its address names it, and the server gave it there. */
const passageOf = (page) => (page.shown === page.passage ? page.passage : "");

async function seen() {
  const open = [...pages.values()];
  // While one page of a test gives way to the next, the machine still speaks for the test.
  const passage = open.map(passageOf).find(Boolean) ?? (Date.now() - aboutAt < TURN_MS ? about : "");
  if (passage !== about) [copies, pastes] = [0, 0];
  if (passage !== about || open.some(passageOf)) [about, aboutAt] = [passage, Date.now()];
  const [windows, tabs] = await Promise.all([chrome.windows.getAll(), chrome.tabs.query({})]);
  const facts = {
    focus: open.some((page) => page.focus),
    full: open.some((page) => page.full),
    windows: windows.length, tabs: tabs.length, copies, pastes,
    others: await others(),
  };
  return { passage, facts };
}

function heard(message) {
  if (message.type === "ok") return;
  if (message.type === "proven") proven = true;
  if (message.type === "cut") proven = false;
  if (message.type === "refused") console.warn("Préau: not believed", message.code);
  tellAll(message);
}

async function ready() {
  const now = await settings();
  if (now && JSON.stringify(now) !== JSON.stringify(found)) {
    line?.close();
    [found, line] = [now, new Line(now, { facts: seen, heard })];
  }
  if (found && pages.size) {
    clearTimeout(closing);
    await line.open();
  }
}

async function moved(page) {
  if (!found) return;
  if (TEST.test(page.path)) await block("test", found);
  else if (OVER.test(page.path)) await block("over", found);
  else if (page.path === "/exam") await block("door", found);
}

async function take(port, said) {
  const page = pages.get(port);
  if (!page) return;
  if (said.type === "copied") copies += 1;
  if (said.type === "pasted") pastes += 1;
  Object.assign(page, { shown: said.passage, focus: Boolean(said.focus), full: Boolean(said.full) });
  await line?.say();
}

async function greet(port) {
  await ready();
  const { origin, pathname: path } = new URL(port.sender.url);
  if (!pages.has(port)) return;
  if (!found || origin !== new URL(found.server).origin) {
    port.postMessage({ type: "foreign", configured: Boolean(found) });
    if (found) pages.delete(port); // Without a policy yet, it is greeted again when one comes.
    else setTimeout(late, LATE_MS);
    return;
  }
  const page = Object.assign(pages.get(port), { path, passage: path.match(PASSAGE)?.[1] ?? "" });
  if (proven) port.postMessage({ type: "proven", ticket: "" });
  await moved(page);
  await line.open();
  await line.say();
}

chrome.runtime.onConnect.addListener((port) => {
  pages.set(port, { path: "", passage: "", shown: "", focus: true, full: false });
  port.onMessage.addListener((said) => take(port, said));
  port.onDisconnect.addListener(() => {
    pages.delete(port);
    line?.say();
    clearTimeout(closing);
    closing = setTimeout(rest, LINGER_MS);
  });
  greet(port);
});

/** Nobody is at an exam page any more: the line rests, and an update that waited comes now. */
function rest() {
  if (pages.size) return;
  line?.close();
  if (updating) chrome.runtime.reload();
}

// With somebody listening, the browser leaves an update to them: one in the middle of a test would stop its candidate.
chrome.runtime.onUpdateAvailable.addListener(() => {
  updating = true;
  rest();
});

async function late() {
  await ready();
  await Promise.all([...pages.keys()].map(greet));
}

onSettings(late);
for (const event of [chrome.windows.onCreated, chrome.windows.onRemoved, chrome.tabs.onCreated, chrome.tabs.onRemoved]) {
  event.addListener(() => line?.say());
}
