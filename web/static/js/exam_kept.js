/**
 * What an earlier passage left on a machine that died and came back: offered, from the door, to those in charge of that
 * passage, who decide. Nothing is forgotten here before the server has it, nor when the passage is nobody's of this machine.
 */

import { AnswerStore, keptByAll } from "./answer_store.js";
import { request } from "./sender.js";

/** Offer every answer kept here; resolves with how many were taken, and rejects when the server cannot be reached. */
export async function offerKept() {
  let taken = 0;
  for (const { participation, number, question, key, answer } of await keptByAll()) {
    if (!question) continue;
    const body = { number: question, key, answer };
    const { status } = await request("POST", `/api/v1/passages/${encodeURIComponent(participation)}/leftovers`, body);
    if (status !== 200) continue;
    await (await AnswerStore.open(participation)).acknowledged(number);
    taken += 1;
  }
  return taken;
}
