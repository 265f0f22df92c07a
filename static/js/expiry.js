// Nothing lies on a phone for ever: a draft that nobody touched for 30 days is erased, but only after
// the list has said so for a week. A receipt's codes stay until somebody has noted them.
import { hold } from "./lease.js";
import { allDrafts, changeDraft, dropDraft, dropStrayPhotos, readDraft } from "./store.js";

const DAY_MS = 86400000;
const KEPT_MS = 30 * DAY_MS;
const TOLD_MS = 7 * DAY_MS;

/** What is to become of a draft: nothing, changes, or "drop". */
function fate(draft, at) {
  if (draft.state === "sent") return null;
  // Written while the phone's clock was ahead: counted from now on.
  if (draft.at > at + DAY_MS) return { at, ends: 0 };
  if (draft.at + KEPT_MS - TOLD_MS > at) return draft.ends ? { ends: 0 } : null;
  const ends = Math.max(draft.at + KEPT_MS, at + TOLD_MS);
  if (!draft.ends || draft.ends > ends) return { ends };
  return draft.ends <= at ? "drop" : null;
}

/** Erases what has been announced long enough, and announces what comes next. */
export async function expire(at = Date.now()) {
  for (const { id } of (await allDrafts()).filter((draft) => fate(draft, at))) {
    const held = await hold(`draft:${id}`);
    if (!held) continue; // somebody goes on with it
    const next = fate(await readDraft(id) || { state: "sent" }, at);
    if (next === "drop") await dropDraft(id);
    else if (next) await changeDraft(id, next);
    await held.release();
  }
  await dropStrayPhotos();
}
