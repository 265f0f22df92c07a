// The receipt page erases the draft that has arrived.
import { takeFiled } from "./filed.js";
import { canKeep, dropDraft } from "./store.js";

export async function forgetFiled() {
  const shown = document.querySelector("#number");
  if (!shown) return;
  const noted = takeFiled();
  const isOther = noted && noted.number && noted.number !== shown.textContent.trim();
  if (noted && !isOther && (await canKeep())) await dropDraft(noted.id);
}
