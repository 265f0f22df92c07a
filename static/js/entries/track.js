// /track/<number>: what the reporter adds, each over HTML that works without it.
import { countLetters } from "../count.js";
import { keepDraft } from "../draft.js";
import { changeKept } from "../kept.js";
import { pickPhotos } from "../photos.js";

countLetters();
keepDraft();
pickPhotos();

const seen = document.querySelector("[data-seen]");
if (seen) changeKept({ number: seen.dataset.number, state: seen.dataset.seen });
