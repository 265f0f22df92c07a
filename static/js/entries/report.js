// /report: photos, words, place and category, each over HTML that works without it.
import { showSubcategories } from "../categories.js";
import { countLetters } from "../count.js";
import { keepDraft } from "../draft.js";
import { tellNearby } from "../nearby.js";
import { tellOpenPoints } from "../openpoints.js";
import { pickPhotos } from "../photos.js";
import { pickPlace } from "../place.js";
import { askQuestions } from "../questions.js";
import { askWhen } from "../when.js";

showSubcategories();
askQuestions();
askWhen();
countLetters();
keepDraft();
pickPhotos();
pickPlace();
tellOpenPoints();
tellNearby();
