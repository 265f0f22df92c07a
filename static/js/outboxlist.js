// 待发送: what lies on this phone and has not been sent, with its state and what one can do.
import { askTwice } from "./asktwice.js";
import { expire } from "./expiry.js";
import { noteFiled } from "./filed.js";
import { heldNames } from "./lease.js";
import { OutboxLine } from "./outboxline.js";
import { keepSending, sendDraft } from "./outbox.js";
import { allDrafts, dropDraft } from "./store.js";

export class OutboxList {
  /** `left`: the id of the draft that the page itself is about. */
  constructor(root, left = "") {
    this.root = root;
    this.left = left;
    this.items = root.querySelector("[data-items]");
    this.lines = new Map();
    this.sending = "";
    this.wipe = root.querySelector("[data-wipe]");
    askTwice(this.wipe, () => this.eraseAll());
    const look = () => this.show().catch(console.warn);
    document.addEventListener("visibilitychange", look);
    // Another tab has changed something.
    window.addEventListener("storage", (event) => event.key === "drafts" && look());
  }

  async start() {
    await expire().catch(console.warn);
    await this.show();
    this.sendAll = keepSending((id, outcome) => this.heard(id, outcome));
  }

  /** Sends `id`, which has just been put by here; its receipt opens by itself. */
  await(id) {
    this.left = "";
    this.awaited = id;
    this.show();
    this.sendAll();
  }

  heard(id, outcome) {
    this.sending = outcome.state === "sending" ? id : "";
    if (outcome.state !== "sent" || id !== this.awaited) return this.show().catch(console.warn);
    noteFiled(id, outcome.answer.number);
    return location.assign("/report/done");
  }

  async show() {
    const [drafts, held] = await Promise.all([allDrafts(), heldNames()]);
    const listed = drafts.filter((draft) => draft.id !== this.left);
    const before = this.lines;
    this.lines = new Map(listed.map((draft) => {
      const isHeld = draft.id === this.sending || held.has(`draft:${draft.id}`);
      return [draft.id, OutboxLine.of(before.get(draft.id), draft, isHeld, this)];
    }));
    for (const [id, line] of before) if (this.lines.get(id) !== line) line.node.remove();
    // What stands right already is not moved: it may have the focus.
    [...this.lines.values()].forEach(({ node }, n) => {
      if (this.items.children[n] !== node) this.items.insertBefore(node, this.items.children[n] || null);
    });
    this.root.hidden = !listed.length;
    this.wipe.hidden = listed.length < 2;
  }

  async send(draft, button) {
    button.setAttribute("aria-busy", "true");
    this.awaited = draft.id;
    this.heard(draft.id, { state: "sending" });
    this.heard(draft.id, await sendDraft(draft.id));
  }

  async erase(id) {
    await dropDraft(id);
    await this.show();
  }

  /** Everything but what is being written or sent right now. */
  async eraseAll() {
    for (const [id, line] of this.lines) if (!line.isHeld) await dropDraft(id);
    await this.show();
  }
}
