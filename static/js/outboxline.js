// One line of 待发送: what it is, how far it has got, and what one can do.
import { askTwice } from "./asktwice.js";

const WORDS_MOST = 24;

function titleOf(draft, words) {
  if (draft.answer) return draft.answer.number;
  const given = Object.fromEntries(draft.fields || []);
  const written = (given.description || given.address || "").trim();
  return [...written].slice(0, WORDS_MOST).join("") || words.untitled;
}

function dayOf(at, isWithTime = true) {
  const when = new Date(at);
  const two = (n) => String(n).padStart(2, "0");
  const day = `${when.getMonth() + 1}/${when.getDate()}`;
  return isWithTime ? `${day} ${two(when.getHours())}:${two(when.getMinutes())}` : day;
}

/** The name of its state's words: what lies in a tab's hands is being written or sent there. */
function stateOf(draft, isHeld) {
  if (draft.state === "refused" && draft.reason) return draft.reason;
  if (isHeld && draft.state === "waiting") return "sending";
  if (isHeld && draft.state !== "sent") return "elsewhere";
  return draft.state === "waiting" && draft.words ? "busy" : draft.state;
}

function aboutOf(draft, state, words) {
  const photos = (draft.pids || []).length;
  const told = [words[state] || "", /busy|refused/.test(state) ? draft.words : ""];
  told.push(photos ? words.shots.replace("%n", photos) : "", dayOf(draft.at));
  if (draft.ends) told.push(words.ends.replace("%day", dayOf(draft.ends, false)));
  return told.filter(Boolean).join(" · ");
}

export class OutboxLine {
  /** The line of before while nothing on it has changed, so that nobody loses the button in hand. */
  static of(before, draft, isHeld, list) {
    const sign = JSON.stringify([draft, isHeld]);
    return before && before.sign === sign ? before : new OutboxLine(draft, isHeld, list, sign);
  }

  constructor(draft, isHeld, list, sign) {
    Object.assign(this, { sign, isHeld });
    this.node = list.root.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => this.node.querySelector(`[data-${name}]`);
    const words = list.root.dataset;
    const state = stateOf(draft, isHeld);
    const { answer } = draft;
    this.node.dataset.state = state;
    part("title").textContent = titleOf(draft, words);
    part("about").textContent = aboutOf(draft, state, words);
    part("receipt").hidden = !answer;
    if (answer) part("code").textContent = [answer.query_code, answer.reward_code].filter(Boolean).join(" / ");
    part("send").hidden = !/^(waiting|busy)$/.test(state);
    part("open").hidden = isHeld || !/writing|refused/.test(draft.state);
    part("open").href = `/report?draft=${encodeURIComponent(draft.id)}`;
    part("track").hidden = !answer;
    if (answer) part("track").href = `/track/${answer.number}`;
    part("drop").hidden = isHeld;
    part("send").addEventListener("click", () => list.send(draft, part("send")));
    askTwice(part("drop"), () => list.erase(draft.id));
  }
}
