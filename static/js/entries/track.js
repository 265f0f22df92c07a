// /track/<number>: what the reporter adds, each over HTML that works without it.
import { countLetters } from "../count.js";
import { keepDraft } from "../draft.js";
import { pickPhotos } from "../photos.js";

countLetters();
keepDraft();
pickPhotos();
