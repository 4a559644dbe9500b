/**
 * Which addresses are blocked: listed answer sites while an exam page is open, everything but the server during a test.
 *
 * Rules of the session: they outlive this worker, and end with the browser.
 */

import { SITES } from "./sites.js";

const TYPES = ["main_frame", "sub_frame", "stylesheet", "script", "image", "font", "object", "xmlhttprequest", "ping", "media", "websocket", "other"];
const ALL = 1, OURS = 2, LISTED = 3;

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

function rules(server, more) {
  const { host } = new URL(server);
  const block = { type: "block" };
  return {
    [ALL]: { id: ALL, priority: 1, action: block, condition: { regexFilter: "^(https?|wss?|ftp):", resourceTypes: TYPES } },
    [OURS]: { id: OURS, priority: 2, action: { type: "allow" }, condition: { regexFilter: `^(https?|wss?)://${escaped(host)}/`, resourceTypes: TYPES } },
    [LISTED]: { id: LISTED, priority: 3, action: block, condition: { requestDomains: [...new Set([...SITES, ...more])], resourceTypes: TYPES } },
  };
}

/** `stage`: "door" (listed sites), "test" (everything else), "over" (nothing). */
export async function block(stage, found) {
  const known = rules(found.server, found.sites ?? []);
  const wanted = { door: [LISTED], test: [LISTED, ALL, OURS], over: [] }[stage];
  await chrome.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [ALL, OURS, LISTED],
    addRules: wanted.map((id) => known[id]),
  });
}
