// What has become of the draft: that the form was filled in from it, that some photos were never
// written down, or that it is open in another tab; and how to erase it.
import { askTwice } from "./asktwice.js";
import { dropDraft } from "./store.js";

export function tellRestored({ box, isRestored, isElsewhere, missing }) {
  const note = document.querySelector("[data-restored]");
  note.hidden = !isRestored;
  document.querySelector("[data-note=elsewhere]").hidden = !isElsewhere;
  document.querySelector("[data-note=missing]").hidden = !missing;
  askTwice(note.querySelector("button"), async () => {
    box.close();
    await dropDraft(box.id);
    location.assign("/report");
  });
}
