// Every resident and public page: small conveniences over HTML that works without them.
import { copyButtons } from "../copy.js";
import { guardForms } from "../once.js";
import { focusErrors } from "../errors.js";
import { printButtons } from "../print.js";

copyButtons();
printButtons();
guardForms();
focusErrors();
