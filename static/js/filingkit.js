// What the filing form needs once somebody has started: photos, the draft behind them, sending, and
// what is known near by. Fetched at the first touch, or at once where a draft is to be gone on with.
import { keepDraft } from "./draft.js";
import { DraftBox } from "./draftbox.js";
import { takeFiled } from "./filed.js";
import { keepFiling } from "./filing.js";
import { tellNearby } from "./nearby.js";
import { OutboxList } from "./outboxlist.js";
import { pickPhotos } from "./photos.js";
import { tellRestored } from "./restored.js";
import { canKeep } from "./store.js";

/** Takes the form over; resolves when what a draft holds has been filled in. */
export async function takeUpFiling(form) {
  takeFiled(); // what was on its way when this tab left the form is here again
  tellNearby();
  if (!(await canKeep())) {
    keepDraft();
    pickPhotos();
    return;
  }
  const { box, photos, isRestored } = await DraftBox.open(form);
  const [picker] = pickPhotos(box);
  const list = new OutboxList(document.querySelector("[data-outbox]"), box.id);
  // What was written before this was here is kept as well.
  keepFiling(form, { box, list, picker }).saveSoon();
  picker.restore(photos);
  if (isRestored) tellRestored(box);
  list.start().catch(console.error);
}
