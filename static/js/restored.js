// What has become of the draft: that the form was filled in from it, that some photos were never
// written down, or that it is open in another tab; and how to erase it.
import { askTwice } from "./asktwice.js";
import { heldNames } from "./lease.js";
import { dropDraft } from "./store.js";

const LOOKS_MS = 2000;

/** Opens the draft that the address names once the other tab has let go of it. */
function awaitRelease(box) {
  const name = `draft:${new URLSearchParams(location.search).get("draft")}`;
  const timer = setInterval(async () => {
    if (box.draft.at) clearInterval(timer); // something else is written here meanwhile
    else if (!(await heldNames()).has(name)) location.reload();
  }, LOOKS_MS);
}

export function tellRestored({ box, isRestored, isElsewhere, missing }) {
  const note = document.querySelector("[data-restored]");
  note.hidden = !isRestored;
  document.querySelector("[data-note=elsewhere]").hidden = !isElsewhere;
  if (isElsewhere) awaitRelease(box);
  document.querySelector("[data-note=missing]").hidden = !missing;
  askTwice(note.querySelector("button"), async () => {
    box.close();
    await dropDraft(box.id);
    location.assign("/report");
  });
}
