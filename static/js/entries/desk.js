// The desk: keyboard, a report beside its list, photo zoom, black-out editor, single submission.
import { copyButtons } from "../copy.js";
import { focusErrors } from "../errors.js";
import { listenForKeys } from "../keys.js";
import { guardForms } from "../once.js";
import { printButtons } from "../print.js";
import { readyTexts } from "../readytexts.js";
import { editBoxes } from "../redact.js";
import { noteStandpoint } from "../standpoint.js";
import { openBeside, triageKey } from "../triage.js";
import { followGuess } from "../guess.js";
import { holdForms } from "../hold.js";
import { pickRows } from "../picks.js";
import { zoomPhotos } from "../zoom.js";

openBeside();
followGuess();
pickRows();
holdForms();
guardForms();
focusErrors();
copyButtons();
printButtons();
listenForKeys(triageKey);
zoomPhotos();
editBoxes();
noteStandpoint();
readyTexts();
