// A list with one report beside it: J and K walk, a step's form opens under the report, and when
// it is sent the next report is there. Each place has its address, so Back goes one report back.
import { focusErrors } from "./errors.js";
import { fetchPage, fetchPane, isAsking } from "./swap.js";
import { again, bulkKey, keep } from "./picks.js";
import { tell } from "./tell.js";

const wide = window.matchMedia("(min-width: 44.01rem)");
let here = location.pathname + location.search;

function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

function rowOf(number) {
  return rows().find((row) => row.dataset.row === number);
}

function current() {
  const pane = document.querySelector("[data-pane]");
  return pane ? rowOf(pane.dataset.number) : undefined;
}

function mark(number) {
  for (const row of rows()) {
    const link = row.querySelector("a.at-desk");
    const isOpen = row.dataset.row === number;
    row.classList.toggle("cur", isOpen);
    if (isOpen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function settle() {
  const field = document.querySelector("[data-doing] :invalid, [data-doing] .bad .in");
  const start = field || document.querySelector("[data-doing] [autofocus]") || firstOfForm();
  const row = current();
  if (row) row.scrollIntoView({ block: "nearest" });
  if (document.querySelector("[data-focus]")) focusErrors();
  else if (start) start.focus({ preventScroll: true });
  else if (row) row.querySelector("a.at-desk").focus({ preventScroll: true });
}

function firstOfForm() {
  const form = document.querySelector("[data-step]");
  if (!form) return null;
  // Ready texts are there for whoever wants one: the hand is on the words.
  const fields = form.querySelectorAll("select,textarea,input:not([type=hidden]),[data-send]");
  return [...fields].find((field) => !field.closest("[data-ready]"));
}

function visit(url, isNew) {
  here = new URL(url, location.href).pathname + new URL(url, location.href).search;
  if (isNew) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
}

async function open(url) {
  try {
    const before = document.querySelector("[data-pane]").dataset.number;
    const pane = await fetchPane(url);
    if (!pane) return;
    visit(url, pane.dataset.number !== before);
    mark(pane.dataset.number);
    settle();
  } catch {
    location.assign(url);
  }
}

async function send(form, button) {
  const row = current();
  const then = form.querySelector("[name=then]");
  const next = row && (row.nextElementSibling || row.previousElementSibling);
  if (next) then.value = next.dataset.row || "";
  button.setAttribute("aria-busy", "true");
  try {
    const picks = keep();
    const url = await fetchPage(form.action, { method: "POST", body: new FormData(form) });
    if (!url) return;
    if (!url.endsWith(new URL(form.action).pathname)) visit(url, true);
    again(picks);
    const said = document.querySelector("#main [role=status]");
    if (said) tell(said.textContent.trim());
    settle();
  } catch {
    form.submit(); // the browser says that there is no network
  }
}

async function back() {
  if (location.pathname + location.search === here) return;
  here = location.pathname + location.search;
  try {
    const picks = keep();
    if (await fetchPage(location.href)) settle();
    again(picks);
  } catch {
    location.reload();
  }
}

/** J and K walk, X picks, P enlarges; whether the key was one of these. */
export function triageKey(key) {
  if (!wide.matches || !document.querySelector("[data-pane]")) return false;
  if (key === "Enter") return isAsking(); // what it would press is about to be replaced
  if (bulkKey(key)) return true;
  if (key === "p") return pressFirst("[data-pane] a[data-zoom]");
  if (key === "x") return pressFirst(".q.cur [type=checkbox]");
  if (key !== "j" && key !== "k") return false;
  const all = rows();
  const at = all.indexOf(current());
  const row = all[Math.min(Math.max(at + (key === "j" ? 1 : -1), 0), all.length - 1)];
  if (row) open(row.querySelector("a.at-desk").href);
  return true;
}

function pressFirst(selector) {
  const target = document.querySelector(selector);
  if (target) target.click();
  return Boolean(target);
}

export function openBeside() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-beside]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!document.querySelector("[data-pane]")) return;
    event.preventDefault();
    open(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-step]")) return;
    event.preventDefault();
    if (!isAsking()) send(form, form.querySelector("[data-send]"));
  });
  document.addEventListener("keydown", (event) => {
    const shut = document.querySelector("[data-shut]");
    if (event.key !== "Escape" || !shut || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    shut.click();
  });
  window.addEventListener("popstate", back);
}
