/**
 * In exam pages: tells the extension's worker what is seen here, and tells the page what the server said of this machine.
 *
 * It holds no key and signs nothing: what a page hears from here could be said by anything, and the server knows it.
 */
(() => {
  const AGAIN_MS = 500, ALIVE_MS = 20_000;
  let port = null;
  let proven = false;
  let ticket = "";

  const full = () => Boolean(document.fullscreenElement) || matchMedia("(display-mode: fullscreen)").matches;
  const tellPage = (kind, more = {}) => window.postMessage({ preau: kind, ...more }, location.origin);

  /** The passage this page was really given by the server, empty on a refusal at the same address. */
  function passage() {
    try {
      return JSON.parse(document.getElementById("lockdown").textContent).passage;
    } catch {
      return "";
    }
  }

  function say(type) {
    try {
      port?.postMessage({ type, passage: passage(), focus: document.hasFocus(), full: full() });
    } catch {
      port = null; // The extension was taken away while this page was open.
    }
  }

  function tellHere() {
    if (ticket) tellPage("ticket", { ticket });
    tellPage("here", { proven, version: chrome.runtime.getManifest().version });
  }

  function heard(message) {
    if (message.type === "proven") {
      [proven, ticket] = [true, message.ticket || ticket];
      tellHere();
    }
    if (message.type === "cut" || message.type === "refused") proven = false;
    if (message.type === "refused") tellPage("refused", { code: message.code });
    if (message.type === "foreign") tellPage("foreign", { configured: message.configured });
  }

  function connect() {
    if (!chrome.runtime?.id) return;
    port = chrome.runtime.connect({ name: "exam" });
    port.onMessage.addListener(heard);
    port.onDisconnect.addListener(() => {
      port = null;
      setTimeout(connect, AGAIN_MS);
    });
    say("seen");
  }

  addEventListener("message", (event) => {
    if (event.source !== window || event.data?.preau !== "ping" || !chrome.runtime?.id) return;
    tellHere();
  });
  for (const name of ["focus", "blur", "resize"]) addEventListener(name, () => say("seen"));
  for (const name of ["DOMContentLoaded", "visibilitychange", "fullscreenchange"]) document.addEventListener(name, () => say("seen"));
  document.addEventListener("copy", () => say("copied"), true);
  document.addEventListener("cut", () => say("copied"), true);
  document.addEventListener("paste", () => say("pasted"), true);
  setInterval(() => say("seen"), ALIVE_MS);
  connect();
})();
