// /open/reports/<number>: the pair with its seam, and the share sheet.
import { compareSliders } from "../compare.js";
import { shareButtons } from "../share.js";

compareSliders();
shareButtons();
