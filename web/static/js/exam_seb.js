/** Shows the server Safe Exam Browser's hashes for this very address, where the browser sends them by script instead of headers. */

import { request } from "./sender.js";

const page = JSON.parse(document.getElementById("page").textContent);
const show = (name) => document.querySelectorAll("[data-seb]").forEach((line) => { line.hidden = line.dataset.seb !== name; });

async function prove() {
  const browser = window.SafeExamBrowser ?? {};
  // Older browsers compute their hashes only when asked.
  const keys = browser.security ?? {};
  if (!keys.configKey && keys.updateKeys) await new Promise((done) => keys.updateKeys(done));
  const shown = { config: keys.configKey ?? "", browser: keys.browserExamKey ?? "", version: String(browser.version ?? "").slice(0, 200) };
  const { status } = await request("POST", location.pathname, shown);
  if (status === 200) location.replace(page.here);
}

// A browser that has nothing to show is told to the server too; a refusal is a page, which is not read.
prove().catch(() => show(window.SafeExamBrowser ? "wrong" : "missing"));
