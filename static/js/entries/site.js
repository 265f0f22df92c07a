// Every resident and public page: small conveniences over HTML that works without them.
import { copyButtons } from "../copy.js";
import { focusErrors } from "../errors.js";
import { bringLatePictures } from "../late.js";
import { workOffline } from "../offline.js";
import { guardForms } from "../once.js";
import { printButtons } from "../print.js";
import { showWaiting } from "../waiting.js";

bringLatePictures();
copyButtons();
printButtons();
guardForms();
focusErrors();
if (location.pathname === "/report/done") {
  import("../arrived.js").then(({ forgetFiled }) => forgetFiled()).catch(console.warn);
}
showWaiting().catch(console.warn);
workOffline();
