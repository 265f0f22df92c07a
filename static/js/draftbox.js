// One draft and the form it belongs to: which one this tab goes on with, and how it is filled in.
import { hold, holdSoon } from "./lease.js";
import { allDrafts, dropPhoto, keepPhoto, photosOf, readDraft, writeDraft } from "./store.js";
import { randomUuid } from "./upload.js";

// Tokens are made anew; photos have keys of their own.
const LEFT_OUT = /^(form_token|altcha|photos|photo_ids)$/;
const MINE = "draft";

function fieldsOf(form, photos) {
  const fields = [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.test(name) && typeof value === "string");
  // Photos that came back with a refused form from a time before this draft.
  const known = new Set(photos.map((photo) => photo.id));
  const others = [...form.querySelectorAll("[name=photo_ids]")].map((input) => input.value);
  return [...fields, ...others.filter((id) => !known.has(id)).map((id) => ["photo_ids", id])];
}

function isTyped(form, fields) {
  const start = new Map([...form.elements].map((field) => [field.name, field.defaultValue]));
  return fields.some(([name, value]) => {
    const field = form.elements[name];
    if (field && field.type === "checkbox") return !field.defaultChecked;
    if (field instanceof RadioNodeList) return [...field].some((one) => one.checked && !one.defaultChecked);
    return value && value !== start.get(name);
  });
}

function putBack(form, fields) {
  for (const field of form.elements) {
    if (!field.name || LEFT_OUT.test(field.name)) continue;
    const given = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (/^(radio|checkbox)$/.test(field.type)) field.checked = given.includes(field.value);
    else if (given.length) [field.value] = given;
  }
}

export class DraftBox {
  constructor(draft, release) {
    this.draft = draft;
    this.id = draft.id;
    this.release = release;
    sessionStorage.setItem(MINE, draft.id);
  }

  static async open(form) {
    const isRefused = "refused" in form.dataset;
    const asked = new URLSearchParams(location.search);
    const mine = sessionStorage.getItem(MINE);
    const isPrefilled = asked.has("category") || asked.has("grid") || asked.has("new");
    const wanted = asked.get("draft") || (isPrefilled && !isRefused ? null : mine);
    const others = isRefused || isPrefilled ? [] : (await allDrafts()).map((draft) => draft.id);
    for (const id of new Set([wanted, ...others].filter(Boolean))) {
      const draft = await readDraft(id);
      if (!draft || !/writing|refused/.test(draft.state)) continue;
      const release = await (id === wanted ? holdSoon : hold)(`draft:${id}`);
      if (!release) continue;
      const box = new DraftBox({ ...draft, state: "writing" }, release);
      if (!isRefused) putBack(form, draft.fields);
      return { box, photos: await photosOf(draft), isRestored: !isRefused };
    }
    const fresh = { id: randomUuid(), key: randomUuid(), state: "writing", fields: [], pids: [], at: 0 };
    return { box: new DraftBox(fresh, await hold(`draft:${fresh.id}`)), photos: [], isRestored: false };
  }

  /** Writes what the form holds; a form nobody has touched leaves no draft. */
  async save(form, photos, state = "writing") {
    if (this.isClosed) return;
    const fields = fieldsOf(form, photos);
    if (!this.draft.at && state === "writing" && !photos.length && !isTyped(form, fields)) return;
    const pids = photos.map((photo) => photo.pid);
    this.draft = { ...this.draft, state, fields, pids, at: Date.now() };
    await writeDraft(this.draft);
  }

  /** From now on nothing is written any more. */
  close() {
    this.isClosed = true;
  }

  /** Writes a photo down; its draft first, so that no photo lies here without one. */
  async keep(photo) {
    if (this.isClosed) return;
    try {
      if (!this.draft.pids.includes(photo.pid)) {
        this.draft = { ...this.draft, pids: [...this.draft.pids, photo.pid], at: Date.now() };
        await writeDraft(this.draft);
      }
      await keepPhoto(this.id, photo);
    } catch (fault) {
      console.warn(fault); // the page still has it
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
