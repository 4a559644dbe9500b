/**
 * Signs what is said to the server, with the machine's Ed25519 key. The key never leaves this worker: not to a page, not to a
 * content script, and once imported not even to this code.
 */

const CONTEXT = "preau-lockdown-1\n";
const PKCS8 = "302e020100300506032b657004220420";

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

export async function signer(seed) {
  const key = await crypto.subtle.importKey("pkcs8", bytes(PKCS8 + seed), "Ed25519", false, ["sign"]);
  return async (statement) => {
    const said = JSON.stringify(statement);
    const signature = await crypto.subtle.sign("Ed25519", key, new TextEncoder().encode(CONTEXT + said));
    return JSON.stringify({ said, signature: hex(signature) });
  };
}
