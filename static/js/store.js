// Drafts on this phone, in IndexedDB: `draft:<id>` holds the words, `photo:<id>:<pid>` one photo each,
// so that typing never writes photos again. A draft is erased with all that belongs to it.
import { createStore, del, get, getMany, keys, promisifyRequest, set, update } from "idb-keyval";

const NAME = "drafts";
const OPENS_WITHIN_MS = 10000; // a slow phone that does much else
let store = null;

const draftKey = (id) => `draft:${id}`;
const photoKey = (id, pid) => `photo:${id}:${pid}`;
const photosRange = (id) => IDBKeyRange.bound(photoKey(id, ""), photoKey(id, "\uffff"));

/** Writes reach the disk before they count as done: a battery may die at any moment. */
function lasting(plain) {
  return (mode, work) => plain("readonly", (first) => {
    if (mode === "readonly") return work(first);
    return work(first.transaction.db.transaction(NAME, mode, { durability: "strict" }).objectStore(NAME));
  });
}

/** Several changes that happen together or not at all. */
function together(work) {
  return store("readwrite", (box) => {
    work(box);
    return promisifyRequest(box.transaction);
  });
}

/** Whether drafts can be kept here: not in some private windows and old WebViews. */
export async function canKeep() {
  if (!window.indexedDB || !window.fetch) return false;
  try {
    store = lasting(createStore("reports", NAME));
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
  tellTabs();
}

/** Changes some of a draft; one that has been erased stays erased. */
export async function changeDraft(id, changes) {
  await together((box) => {
    const asked = box.get(draftKey(id));
    asked.onsuccess = () => asked.result && box.put({ ...asked.result, ...changes }, draftKey(id));
  });
  tellTabs();
}

export async function dropDraft(id) {
  await together((box) => {
    box.delete(draftKey(id));
    box.delete(photosRange(id));
  });
  tellTabs();
}

/** After the receipt: only number and codes stay, until somebody has noted them. */
export async function keepAnswer(id, { number, query_code, reward_code }) {
  const answer = { number, query_code, reward_code };
  await together((box) => {
    box.put({ id, state: "sent", at: Date.now(), answer }, draftKey(id));
    box.delete(photosRange(id));
  });
  tellTabs();
}

export const keepPhoto = (id, { pid, blob, name, key, ...rest }) =>
  set(photoKey(id, pid), { pid, blob, name, key, id: rest.id, refused: rest.refused, words: rest.words }, store);

export const dropPhoto = (id, pid) => del(photoKey(id, pid), store);

/** The draft's photos in their order, without those that were never written. */
export async function photosOf(draft) {
  const found = await getMany(draft.pids.map((pid) => photoKey(draft.id, pid)), store);
  return found.filter(Boolean);
}

/** Photos that lie here without their draft: a tab was ended between two writes. */
export async function dropStrayPhotos() {
  const names = (await keys(store)).map(String);
  const drafts = new Set(names.filter((name) => name.startsWith("draft:")).map((name) => name.slice(6)));
  const strays = names.filter((name) => name.startsWith("photo:") && !drafts.has(name.split(":")[1]));
  if (strays.length) await together((box) => strays.forEach((name) => box.delete(name)));
}

/** Changes the lease `name` to what `decide` makes of it (nothing: stays as it is). */
export const changeLease = (name, decide) => update(`lease:${name}`, (kept) => decide(kept) || kept, store);

/** Every lease as [name, lease]. */
export async function allLeases() {
  const names = (await keys(store)).filter((key) => String(key).startsWith("lease:"));
  const found = await getMany(names, store);
  return names.map((name, n) => [name.slice(6), found[n]]).filter(([, lease]) => lease);
}

// Other pages look here first, so that they fetch nothing for people without drafts; other tabs hear
// of the change.
function tellTabs() {
  try {
    localStorage.setItem("drafts", `${Date.now()}`);
  } catch {
    // The list then shows on the filing page only.
  }
}
