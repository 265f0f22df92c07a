// 待发送: what lies on this phone and has not been sent, with its state and what one can do.
import { noteFiled } from "./filed.js";
import { keepSending, sendDraft } from "./outbox.js";
import { allDrafts, dropDraft } from "./store.js";

const WORDS_MOST = 24;

function titleOf(draft, words) {
  const given = Object.fromEntries(draft.fields || []);
  const written = (given.description || given.address || "").trim();
  return [...written].slice(0, WORDS_MOST).join("") || words.untitled;
}

function aboutOf(draft, words) {
  const when = new Date(draft.at);
  const two = (n) => String(n).padStart(2, "0");
  const time = `${when.getMonth() + 1}/${when.getDate()} ${two(when.getHours())}:${two(when.getMinutes())}`;
  const photos = (draft.pids || []).length;
  const told = [words[draft.state] || "", photos ? words.shots.replace("%n", photos) : "", time];
  if (draft.state === "refused" && draft.words) told.push(draft.words);
  return told.filter(Boolean).join(" · ");
}

export class OutboxList {
  /** `left`: the id of the draft that the page itself is about. */
  constructor(root, left = "") {
    this.root = root;
    this.left = left;
    this.items = root.querySelector("[data-items]");
    this.template = root.querySelector("template");
    document.addEventListener("visibilitychange", () => this.show());
  }

  async start() {
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
    if (outcome.state !== "sent" || id !== this.awaited) return this.show();
    noteFiled(id);
    return location.assign("/report/done");
  }

  async show() {
    const drafts = (await allDrafts()).filter((draft) => draft.id !== this.left);
    const lines = drafts.map((draft) => this.line(draft));
    while (this.items.firstChild) this.items.firstChild.remove();
    this.items.append(...lines);
    this.root.hidden = !lines.length;
  }

  line(draft) {
    const node = this.template.content.firstElementChild.cloneNode(true);
    const part = (name) => node.querySelector(`[data-${name}]`);
    const words = this.root.dataset;
    node.dataset.state = draft.state;
    part("title").textContent = draft.answer ? draft.answer.number : titleOf(draft, words);
    part("about").textContent = aboutOf(draft, words);
    part("receipt").hidden = !draft.answer;
    if (draft.answer) part("code").textContent = [draft.answer.query_code, draft.answer.reward_code].filter(Boolean).join(" / ");
    part("send").hidden = !/waiting/.test(draft.state);
    part("open").hidden = !/writing|refused/.test(draft.state);
    part("open").href = `/report?draft=${encodeURIComponent(draft.id)}`;
    part("send").addEventListener("click", () => this.send(draft, part("send")));
    part("drop").addEventListener("click", () => this.drop(draft, part("drop")));
    return node;
  }

  async send(draft, button) {
    button.setAttribute("aria-busy", "true");
    this.awaited = draft.id;
    this.heard(draft.id, await sendDraft(draft.id));
  }

  /** The first press asks, the second erases. */
  async drop(draft, button) {
    if (!button.dataset.asked) {
      button.dataset.asked = "1";
      button.textContent = this.root.dataset.sure;
      return;
    }
    await dropDraft(draft.id);
    await this.show();
  }
}
