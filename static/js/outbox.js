// Sends drafts: first the photos that are missing, then the words that claim them. Every photo and
// the report have a key of their own, so that however often this is tried, it is filed once.
import { isWanted, keepReport } from "./kept.js";
import { hold } from "./lease.js";
import { allDrafts, changeDraft, keepAnswer, keepPhoto, photosOf, readDraft } from "./store.js";
import { isPassing, onWake, postPhoto, proved, randomUuid, waitMs } from "./upload.js";

const PHOTOS = "/report/photos";
const FULL = 507;
const PATIENCE_MS = 60000;
// The server knows a key for 7 days: what may have been filed longer ago must not be sent unasked.
const KNOWN_MS = 6.5 * 86400000;
const LONGEST_REST_MS = 2 * 3600000; // what is longer comes of a clock that was set
const own = new Set(); // drafts that this tab holds anyway

export const claim = (id) => own.add(id);
export const unclaim = (id) => own.delete(id);

/** How long the server has asked us to leave this draft alone, in milliseconds from now. */
function restMs({ later }) {
  const rest = (later || 0) - Date.now();
  return rest > 0 && rest < LONGEST_REST_MS ? rest : 0;
}

async function sendPhotos(draft, told) {
  const photos = await photosOf(draft);
  const ids = [];
  for (const photo of photos) {
    if (!photo.id && !photo.refused) {
      const { status, answer, wait } = await postPhoto(PHOTOS, photo);
      const isTaken = status === 201 && answer.id;
      // A full disk holds no words up: they go without this photo, as the page has said.
      if (!isTaken && status !== FULL && isPassing(status, answer)) return { words: answer.detail, wait };
      if (isTaken) photo.id = answer.id;
      else Object.assign(photo, { refused: true, words: answer.detail || "" });
      await keepPhoto(draft.id, photo);
    }
    if (photo.id) ids.push(photo.id);
    told(ids.length, photos.length);
  }
  return { ids };
}

async function post(draft, ids, proof) {
  const body = new FormData();
  for (const [name, value] of draft.fields) body.append(name, value);
  for (const id of ids) body.append("photo_ids", id);
  if (proof) body.append("altcha", proof);
  const headers = { Accept: "application/json", "Idempotency-Key": draft.key, "X-Receipt-Page": "1" };
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch("/report", { method: "POST", body, headers, signal: patience.signal });
    const wait = Number(answer.headers.get("Retry-After")) * 1000 || 0;
    return { status: answer.status, answer: await answer.json(), wait };
  } catch {
    return { status: 0, answer: {} };
  } finally {
    clearTimeout(timer);
  }
}

/** Photos nobody claimed for a week are forgotten by the server: they must be sent again. */
async function sendPhotosAnew(draft) {
  for (const photo of await photosOf(draft)) {
    if (photo.id) await keepPhoto(draft.id, { ...photo, id: undefined, key: randomUuid() });
  }
}

async function deliver(draft, told) {
  if (draft.tried && Date.now() - draft.tried > KNOWN_MS) return { state: "refused", reason: "old" };
  const { ids, ...stopped } = await sendPhotos(draft, told);
  if (!ids) return { state: "waiting", ...stopped };
  if (!draft.tried) await changeDraft(draft.id, { tried: Date.now() });
  const { status, answer, wait } = await proved((proof) => post(draft, ids, proof));
  if (status === 201 && answer.number && answer.query_code) return { state: "sent", answer };
  const faults = (answer.errors || {}).photo_ids || [];
  if (faults.some((fault) => fault.code === "unknown_photo")) {
    await sendPhotosAnew(draft);
    return { state: "waiting" };
  }
  const isOver = answer.code === "key_reused" || !isPassing(status, answer);
  return { state: isOver ? "refused" : "waiting", words: answer.detail || answer.title, wait };
}

/** Sends one draft that this tab holds; gives {state: "sent" | "waiting" | "refused", …}. */
export async function sendHeld(id, told = () => {}) {
  const draft = await readDraft(id);
  if (!draft || draft.state === "sent") return { state: "gone" };
  const outcome = await deliver(draft, told);
  // It is filed: whatever happens here now must not make it look unsent.
  if (outcome.state === "sent") {
    await keepAnswer(id, outcome.answer).catch(console.warn);
    const { number, received_at: at } = outcome.answer;
    if (isWanted()) keepReport({ number, at });
  } else {
    const { state, words, reason, wait } = outcome;
    await changeDraft(id, { state, words, reason, later: wait ? Date.now() + wait : 0 });
  }
  return outcome;
}

/** Sends one draft unless another tab has it. */
export async function sendDraft(id) {
  if (own.has(id)) return { state: "busy" };
  const held = await hold(`draft:${id}`);
  if (!held) return { state: "busy" };
  own.add(id);
  try {
    // Only what waits: another tab may have taken it up meanwhile.
    const draft = await readDraft(id);
    return draft && draft.state === "waiting" ? await sendHeld(id) : { state: "gone" };
  } finally {
    own.delete(id);
    held.release();
  }
}

/**
 * Sends what waits, now and whenever the network may be back; `changed(id, outcome)` before each
 * (state "sending") and after it.
 * Returns a function that tries at once.
 */
export function keepSending(changed) {
  let timer = 0;
  let running = null;
  async function round(tries) {
    clearTimeout(timer);
    const waiting = (await allDrafts()).filter((draft) => draft.state === "waiting");
    for (const { id } of waiting.filter((draft) => !restMs(draft))) {
      changed(id, { state: "sending" });
      changed(id, await sendDraft(id).catch((fault) => ({ state: "waiting", fault })));
    }
    const left = (await allDrafts()).filter((draft) => draft.state === "waiting");
    const rest = Math.max(waitMs(tries), Math.min(...left.map(restMs)));
    if (left.length) timer = setTimeout(start, rest, tries + 1);
  }
  function start(tries = 0) {
    running = running || round(tries).catch((fault) => {
      console.warn(fault);
      timer = setTimeout(start, waitMs(tries), tries + 1);
    }).then(() => {
      running = null;
    });
    return running;
  }
  onWake(() => start());
  start();
  return start;
}
