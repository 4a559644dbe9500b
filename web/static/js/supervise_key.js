/**
 * This phone's own key: made here, kept by the browser, never readable, not even by this page. It signs what the
 * supervisor does; the server can check a signature and can never make one.
 */

const STORE = "keys";
const WORDS = ["reason", "text", "why"]; // what people write freely
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => new TextEncoder().encode(text);

const ALGORITHMS = {
  ed25519: { make: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  p256: { make: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
};

/** Whether this browser can keep a key: on plain HTTP it cannot. */
export const canKeepKeys = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

export const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", bytes(text)));

function store(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("preau-supervisor", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = act(opening.result.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    };
  });
}

/** Make a key; Ed25519 where the browser has it, else P-256. */
export async function makeKey() {
  for (const [algorithm, { make }] of Object.entries(ALGORITHMS)) {
    try {
      const pair = await crypto.subtle.generateKey(make, false, ["sign", "verify"]);
      const publicKey = hex(await crypto.subtle.exportKey("raw", pair.publicKey));
      return { algorithm, publicKey, privateKey: pair.privateKey };
    } catch {
      // The next one.
    }
  }
  throw new Error("no key");
}

/** Keep the key of a session; one key a session, the last one made. */
export const keepKey = (session, key) => store("readwrite", (keys) => keys.put(key, session));
export const keyOf = (session) => store("readonly", (keys) => keys.get(session));

/** The six digits both screens show. */
export async function numberOf(publicKey, nonce) {
  const digest = await crypto.subtle.digest("SHA-256", bytes(`preau.number.v1\n${publicKey}\n${nonce}`));
  return String(new DataView(digest).getUint32(0) % 1_000_000).padStart(6, "0");
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

/** Sign a text in a domain with the key kept under a name; in hex. */
export async function signText(name, domain, text) {
  const key = await keyOf(name);
  if (!key) throw new Error("no key");
  const way = ALGORITHMS[key.algorithm].sign;
  return hex(await crypto.subtle.sign(way, key.privateKey, bytes(`${domain}\n${text}`)));
}

/** Sign a request: the headers to send with it. Free words stand in the statement by their hash. */
export async function signed(session, address, body, { nonce, counter }) {
  const asked = { ...body };
  for (const name of WORDS) if (asked[name]) asked[name] = await sha256(asked[name]);
  const statement = JSON.stringify(sorted({ address, asked, counter, nonce, session }));
  const signature = await signText(session, "preau.supervisor.v1", statement);
  return { "X-Preau-Counter": String(counter), "X-Preau-Nonce": nonce, "X-Preau-Signature": signature };
}
