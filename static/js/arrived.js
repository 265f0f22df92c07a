// The receipt page erases the draft that has arrived.
import { takeFiled } from "./filed.js";
import { canKeep, dropDraft } from "./store.js";

export async function forgetFiled() {
  const id = takeFiled();
  if (id && (await canKeep())) await dropDraft(id);
}
