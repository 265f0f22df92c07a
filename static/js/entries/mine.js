// /track and the page without network: the reports filed from this phone.
import { showKept } from "../keptlist.js";

showKept();
