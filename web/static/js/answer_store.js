/**
 * What the pupil did, kept in this browser (IndexedDB) until the server has it.
 *
 * An answer is put here before it is sent and removed only after the server said it is saved. Drafts are what is
 * typed and not yet validated. Both are filed by participation and question number.
 */

const NAME = "preau";
const KEY = ["participation", "number"];

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("answers", { keyPath: KEY });
    request.result.createObjectStore("drafts", { keyPath: KEY });
  };
  return settled(request);
}

/** Run one change and wait until the browser has it on disk. */
async function change(database, table, act) {
  const transaction = database.transaction(table, "readwrite", { durability: "strict" });
  act(transaction.objectStore(table));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

export class AnswerStore {
  constructor(database, participation) {
    this.database = database;
    this.participation = participation;
  }

  /** Open the store of one participation; rejects when this browser keeps nothing (some private windows). */
  static async open(participation) {
    return new AnswerStore(await openDatabase(), participation);
  }

  /** Keep an answer `{number, key, answer}` before it is sent. */
  keep(entry) {
    return change(this.database, "answers", (table) => table.put({ ...entry, participation: this.participation }));
  }

  /** Forget an answer the server has acknowledged, and its draft. */
  async acknowledged(number) {
    await change(this.database, "answers", (table) => table.delete([this.participation, number]));
    await change(this.database, "drafts", (table) => table.delete([this.participation, number]));
  }

  /** Take an answer the server cannot take as it is out of the queue; it can still be corrected. */
  async backToDraft({ number, answer }) {
    if (answer !== null && (await this.draft(number)) === null) await this.keepDraft(number, answer);
    await change(this.database, "answers", (table) => table.delete([this.participation, number]));
  }

  /** The answers not yet acknowledged, in order of question. */
  waiting() {
    const range = IDBKeyRange.bound([this.participation, 0], [this.participation, Infinity]);
    return settled(this.database.transaction("answers").objectStore("answers").getAll(range));
  }

  keepDraft(number, value) {
    const draft = { participation: this.participation, number, value };
    return change(this.database, "drafts", (table) => table.put(draft));
  }

  async draft(number) {
    const table = this.database.transaction("drafts").objectStore("drafts");
    const found = await settled(table.get([this.participation, number]));
    return found ? found.value : null;
  }
}

/** Every answer not yet acknowledged, whosever it is: none in a browser that keeps nothing. */
export async function keptByAll() {
  const database = await openDatabase().catch(() => null);
  return database ? settled(database.transaction("answers").objectStore("answers").getAll()) : [];
}

/** What stands in for the store in a browser that keeps nothing: it says so at each answer. */
export class NoStore {
  keep() {
    return Promise.reject(new Error("this browser keeps nothing"));
  }

  async acknowledged() {}

  async backToDraft() {}

  async waiting() {
    return [];
  }

  async keepDraft() {}

  async draft() {
    return null;
  }
}
