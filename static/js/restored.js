// 草稿还在: says that the form was filled in from a draft, and lets one erase it.
import { dropDraft } from "./store.js";

export function tellRestored(box) {
  const note = document.querySelector("[data-restored]");
  note.hidden = false;
  note.querySelector("button").addEventListener("click", async () => {
    box.close();
    await dropDraft(box.id);
    location.assign("/report");
  });
}
