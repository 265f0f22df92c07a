// /open/log: checks a receipt in the browser. Over plain http there is no Web Crypto; then the
// form goes to the server, as it does without scripts.
import { checkReceipt, readReceipt } from "../logcheck.js";

const form = document.querySelector("[data-log]");
const place = document.querySelector("[data-verdict]");
const words = document.querySelector("[data-words]");
const wordOf = (mark) => words.querySelector(mark).textContent;
const glyphOf = (name) => words.querySelector(`[data-glyph=${name}]`).firstElementChild.cloneNode(true);

function line(tag, ...parts) {
  const node = document.createElement(tag);
  node.append(...parts);
  return node;
}

function stepLine([name, outcome]) {
  const told = words.querySelector(`[data-step=${name}-${outcome}]`);
  const said = line("span", told.textContent);
  return line("li", glyphOf(told.dataset.sign), said, line("b", told.dataset.outcome));
}

function show({ steps, outcome, place: number }) {
  const sign = { passed: "f-yes", failed: "d-red", open: "d-blue" }[outcome];
  const said = wordOf(`[data-verdict-of=${outcome}]`).replace("{place}", number.toLocaleString());
  const head = line("p", glyphOf(sign), said);
  head.className = "b";
  const list = line("ol", ...steps.map(stepLine));
  list.className = "steps";
  tell(outcome, head, list);
}

function tell(outcome, ...parts) {
  place.className = `verdict ${outcome}`;
  place.textContent = "";
  place.append(...parts);
  place.hidden = false;
  place.focus();
}

function asked() {
  const text = form.receipt.value.trim();
  if (text) return readReceipt(text) || wordOf("[data-unread]");
  const leaf = form.leaf.value.replace(/[\s-]/g, "");
  return /^[0-9a-f]{16,64}$/i.test(leaf) ? { leaf } : wordOf("[data-short]");
}

async function check(event) {
  event.preventDefault();
  const receipt = asked();
  if (typeof receipt === "string") return tell("failed", line("p", receipt));
  const button = form.querySelector("[type=submit]");
  button.setAttribute("aria-busy", "true");
  try {
    return show(await checkReceipt(receipt));
  } catch {
    return tell("open", line("p", wordOf("[data-away]")));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (form && window.crypto && crypto.subtle) {
  const how = form.querySelector("[data-how]");
  how.textContent = how.dataset.here;
  const chosen = form.querySelector("[data-file]");
  chosen.hidden = false;
  chosen.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    form.receipt.value = await file.text();
    form.querySelector("[type=submit]").click();
  });
  form.addEventListener("submit", check);
}
