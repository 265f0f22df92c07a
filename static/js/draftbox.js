// One draft and the form it belongs to: which one this tab goes on with, and how it is filled in.
import { fieldsOf, isTyped, putBack } from "./fields.js";
import { hold, holdSoon } from "./lease.js";
import { allDrafts, dropPhoto, keepPhoto, photosOf, readDraft, writeDraft } from "./store.js";
import { randomUuid } from "./upload.js";

const MINE = "draft";

/** A key that may stand for a report already gets a successor once somebody wants another report. */
function goOn(draft, isEarned) {
  const isSpent = isEarned || draft.reason === "old";
  return { ...draft, state: "writing", reason: "", ...(isSpent ? { key: randomUuid(), tried: 0 } : {}) };
}

async function take(id, isWanted) {
  const held = await (isWanted ? holdSoon : hold)(`draft:${id}`);
  if (!held) return null;
  const draft = await readDraft(id); // as the tab before left it
  if (draft && /writing|refused/.test(draft.state)) return { draft, held };
  held.release();
  return null;
}

export class DraftBox {
  /** `told.full()`: this phone takes no more; `told.lost()`: another tab has gone on with it. */
  constructor(draft, held) {
    this.draft = draft;
    this.id = draft.id;
    this.held = held;
    this.told = { full() {}, lost() {} };
    sessionStorage.setItem(MINE, draft.id);
    history.replaceState({ ...history.state, box: draft.id }, "");
  }

  /**
   * Gives {box, photos, isRestored, isElsewhere, missing}: the draft that the address names, that of
   * this page before it was reloaded, the tab's last, or the latest that no tab has.
   */
  static async open(form) {
    const asked = new URLSearchParams(location.search);
    const isRefused = "refused" in form.dataset;
    const isPrefilled = !isRefused && ["category", "grid", "new"].some((name) => asked.has(name));
    const named = isRefused ? null : asked.get("draft");
    const before = (history.state || {}).box;
    const wanted = [named, before, isPrefilled ? null : sessionStorage.getItem(MINE)];
    const stays = isRefused || isPrefilled || named;
    const others = stays ? [] : (await allDrafts()).map(({ id }) => id);
    for (const id of new Set([...wanted, ...others].filter(Boolean))) {
      const taken = await take(id, wanted.includes(id));
      if (!taken) continue;
      const box = new DraftBox(goOn(taken.draft, "earned" in form.dataset), taken.held);
      const photos = await photosOf(taken.draft);
      if (!isRefused) putBack(form, taken.draft.fields);
      const missing = taken.draft.pids.length - photos.length;
      return { box, photos, missing, isRestored: !isRefused, isElsewhere: Boolean(named) && id !== named };
    }
    const isElsewhere = /writing|refused/.test(((named && (await readDraft(named))) || {}).state);
    const fresh = { id: randomUuid(), key: randomUuid(), state: "writing", fields: [], pids: [], at: 0 };
    const held = await hold(`draft:${fresh.id}`);
    return { box: new DraftBox(fresh, held), photos: [], missing: 0, isRestored: false, isElsewhere };
  }

  async write(changes) {
    if (!(await this.held.isMine())) {
      this.close();
      this.told.lost();
      throw new Error("another tab has gone on with this draft");
    }
    this.draft = { ...this.draft, ...changes, at: Date.now(), ends: 0 };
    await writeDraft(this.draft);
  }

  /** Writes what the form holds; a form nobody has touched leaves no draft. `more`: further fields. */
  async save(form, photos, state = "writing", more = []) {
    if (this.isClosed) return;
    const fields = [...fieldsOf(form, photos), ...more];
    if (!this.draft.at && state === "writing" && !photos.length && !isTyped(form, fields)) return;
    try {
      await this.write({ state, fields, pids: photos.map((photo) => photo.pid) });
    } catch (fault) {
      if (!this.isClosed) this.told.full();
      throw fault;
    }
  }

  /** From now on nothing is written any more. */
  close() {
    this.isClosed = true;
  }

  /** Writes a photo down; its draft first, so that no photo lies here without one. */
  async keep(photo) {
    if (this.isClosed) return;
    try {
      const { pids } = this.draft;
      if (!pids.includes(photo.pid)) await this.write({ pids: [...pids, photo.pid] });
      await keepPhoto(this.id, photo);
    } catch (fault) {
      console.warn(fault);
      if (!this.isClosed) this.told.full(); // the page still has it
    }
  }

  /** Whether every photo is written down, so that the draft can be sent without this page. */
  async keepAll(photos) {
    for (const photo of photos) await this.keep(photo);
    return (await photosOf(this.draft)).length === photos.length;
  }

  drop(pid) {
    return dropPhoto(this.id, pid).catch(console.warn);
  }
}
