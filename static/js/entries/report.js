// /report: photos, words, place and category, each over HTML that works without it.
import { showSubcategories } from "../categories.js";
import { countLetters } from "../count.js";
import { keepDraft } from "../draft.js";
import { DraftBox } from "../draftbox.js";
import { takeFiled } from "../filed.js";
import { keepFiling } from "../filing.js";
import { tellNearby } from "../nearby.js";
import { tellOpenPoints } from "../openpoints.js";
import { OutboxList } from "../outboxlist.js";
import { pickPhotos } from "../photos.js";
import { pickPlace } from "../place.js";
import { askQuestions } from "../questions.js";
import { tellRestored } from "../restored.js";
import { canKeep } from "../store.js";
import { askWhen } from "../when.js";

function brighten() {
  showSubcategories();
  askQuestions();
  askWhen();
  countLetters();
  pickPlace();
  tellOpenPoints();
}

async function start() {
  const form = document.querySelector("form[data-draft]");
  takeFiled();
  if (!(await canKeep())) {
    keepDraft();
    pickPhotos();
    brighten();
    return;
  }
  const { box, photos, isRestored } = await DraftBox.open(form);
  const [picker] = pickPhotos(box);
  const list = new OutboxList(document.querySelector("[data-outbox]"), box.id);
  keepFiling(form, { box, list, picker });
  brighten();
  picker.restore(photos);
  if (isRestored) tellRestored(box);
  await list.start();
}

start().catch(console.error);
tellNearby();
