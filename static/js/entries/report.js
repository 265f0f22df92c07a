// /report: place and category over HTML that works without it. The rest comes when it is used: whatever
// a new part needs, let it be fetched by onUse() or in the kit, and keep this entry small.
import { showSubcategories } from "../categories.js";
import { countLetters } from "../count.js";
import { onUse } from "../onuse.js";
import { tellOpenPoints } from "../openpoints.js";
import { offerPlace } from "../place.js";
import { askQuestions } from "../questions.js";
import { askWhen } from "../when.js";

const CALM_MS = 1500;
const form = document.querySelector("form[data-draft]");
const early = [];
let taken = null;

/** Once, whoever asks; where it fails for want of network, the next touch asks again. */
function takeUp() {
  taken = taken || import("../filingkit.js").then(({ takeUpFiling }) => takeUpFiling(form, early)).catch((fault) => {
    taken = null;
    throw fault;
  });
  return taken;
}

/** Photos chosen before the kit is here: a second choice would take the first one's place. */
function keepEarly({ target }) {
  if (target.type === "file") early.push(...target.files);
}
form.addEventListener("change", keepEarly);

const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether there is something to go on with: a refused form, or a draft this phone may hold. */
async function isBegun() {
  if (form.contains(document.activeElement)) return true; // somebody was faster than this script
  if ("refused" in form.dataset || (history.state && history.state.draft)) return true;
  try {
    if (sessionStorage.getItem("draft") || localStorage.getItem("drafts")) return true;
    // These notes reach the disk later than drafts do: a battery may have died in between.
    return (await indexedDB.databases()).some(({ name }) => name === "reports");
  } catch {
    return false; // a browser that keeps nothing, or does not tell
  }
}

async function start() {
  // A draft fills fields in, and what follows reads them; a slow phone gets it afterwards.
  onUse(form, takeUp);
  if (await isBegun()) await Promise.race([takeUp().catch(console.warn), rest(CALM_MS)]);
  showSubcategories();
  askQuestions();
  askWhen();
  countLetters();
  offerPlace();
  tellOpenPoints();
}

start().catch(console.error);
if (document.querySelector("[data-verify]")) import("../verify.js").then(({ offerCheck }) => offerCheck());
// Who starts in a dead spot must not find that what keeps drafts cannot be fetched.
window.addEventListener("load", () => rest(CALM_MS).then(() => import("../filingkit.js")).catch(() => {}));
