// What the filing form needs once somebody has started: photos, the draft behind them, sending, and
// what is known near by. Fetched at the first touch, or at once where a draft is to be gone on with.
import { keepDraft } from "./draft.js";
import { DraftBox } from "./draftbox.js";
import { takeFiled } from "./filed.js";
import { keepFiling } from "./filing.js";
import { tellNearby } from "./nearby.js";
import { OutboxList } from "./outboxlist.js";
import { offerPhotoPlace } from "./photoplace.js";
import { pickPhotos } from "./photos.js";
import { tellRestored } from "./restored.js";
import { canKeep } from "./store.js";

/** What the server took with the form it refused is here already: not once more from the draft. */
function notHandedBack(form, photos) {
  const ids = new Set([...form.querySelectorAll("[name=photo_ids]")].map((input) => input.value));
  let unknown = ids.size - photos.filter((photo) => ids.has(photo.id)).length;
  return photos.filter((photo) => photo.id || photo.refused || (unknown -= 1) < 0);
}

/** Takes the form over with the photos chosen before; resolves when a draft has been filled in. */
export async function takeUpFiling(form, early) {
  takeFiled(); // what was on its way when this tab left the form is here again
  tellNearby();
  offerPhotoPlace(form);
  const found = (await canKeep()) && (await DraftBox.open(form).catch(console.warn));
  if (!found) {
    keepDraft();
    pickPhotos(null, early);
    return;
  }
  const { box, photos } = found;
  const [picker] = pickPhotos(box, early);
  const list = new OutboxList(document.querySelector("[data-outbox]"), box.id);
  // What was written before this was here is kept as well.
  keepFiling(form, { box, list, picker }).saveSoon();
  picker.restore(notHandedBack(form, photos));
  tellRestored(found);
  list.start().catch(console.error);
}
