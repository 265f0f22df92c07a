// The desk: keyboard, photo zoom, black-out editor, single submission.
import { copyButtons } from "../copy.js";
import { focusErrors } from "../errors.js";
import { guardForms } from "../once.js";
import { printButtons } from "../print.js";

guardForms();
focusErrors();
copyButtons();
printButtons();
