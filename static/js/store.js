// Drafts on this phone, in IndexedDB: `draft:<id>` holds the words, `photo:<id>:<pid>` one photo each,
// so that typing never writes photos again. A draft is erased with all that belongs to it.
import { createStore, del, delMany, get, getMany, keys, set, update } from "idb-keyval";

const OPENS_WITHIN_MS = 2000;
let store = null;

const draftKey = (id) => `draft:${id}`;
const photoKey = (id, pid) => `photo:${id}:${pid}`;

/** Whether drafts can be kept here: not in some private windows and old WebViews. */
export async function canKeep() {
  if (!window.indexedDB || !window.fetch) return false;
  try {
    store = createStore("reports", "drafts");
    const late = new Promise((resolve, reject) => {
      setTimeout(reject, OPENS_WITHIN_MS, new Error("IndexedDB does not answer"));
    });
    await Promise.race([keys(store), late]);
    return true;
  } catch (fault) {
    console.warn(fault);
    return false;
  }
}

/** Every draft, the latest first. */
export async function allDrafts() {
  const names = (await keys(store)).filter((key) => String(key).startsWith("draft:"));
  const found = await getMany(names, store);
  return found.filter(Boolean).sort((a, b) => b.at - a.at);
}

export const readDraft = (id) => get(draftKey(id), store);

export async function writeDraft(draft) {
  await set(draftKey(draft.id), draft, store);
  remember();
}

/** Changes some of a draft; one that has been erased stays erased. */
export const changeDraft = (id, changes) =>
  update(draftKey(id), (draft) => draft && { ...draft, ...changes }, store);

export async function dropDraft(id) {
  const mine = (await keys(store)).filter((key) => String(key).startsWith(`photo:${id}:`));
  await delMany([draftKey(id), ...mine], store);
}

/** After the receipt: only number and codes stay, until somebody has noted them. */
export async function keepAnswer(id, { number, query_code, reward_code }) {
  await dropDraft(id);
  await writeDraft({ id, state: "sent", at: Date.now(), answer: { number, query_code, reward_code } });
}

export const keepPhoto = (id, { pid, blob, name, key, ...rest }) =>
  set(photoKey(id, pid), { pid, blob, name, key, id: rest.id, refused: rest.refused, words: rest.words }, store);

export const dropPhoto = (id, pid) => del(photoKey(id, pid), store);

/** The draft's photos in their order, without those that were never written. */
export async function photosOf(draft) {
  const found = await getMany(draft.pids.map((pid) => photoKey(draft.id, pid)), store);
  return found.filter(Boolean);
}

/** Takes, renews or (lasts 0) gives back the lease of a tab; says whether the tab has it. */
export async function changeLease(name, tab, at, lasts) {
  let has = false;
  await update(`lease:${name}`, (kept) => {
    has = !kept || kept.tab === tab || kept.until <= at;
    return has ? { tab, until: at + lasts } : kept;
  }, store);
  return has;
}

// Other pages look here first, so that they fetch nothing for people without drafts.
function remember() {
  try {
    localStorage.setItem("drafts", "1");
  } catch {
    // The list then shows on the filing page only.
  }
}
