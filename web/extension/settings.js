/** What the machine was told by its managed policy, and nothing else: a person at the keyboard cannot give a key. */

export async function settings() {
  try {
    const found = await chrome.storage.managed.get(null);
    return found.server && found.machine && /^[0-9a-f]{64}$/.test(found.key ?? "") ? found : null;
  } catch {
    return null; // Firefox: no policy names this extension.
  }
}

/** Call `act` when the policy comes or changes: at the first start of a profile it may come late. */
export function onSettings(act) {
  chrome.storage.onChanged.addListener((_, area) => { if (area === "managed") act(); });
}
