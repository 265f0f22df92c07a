// Rows picked in a list: the bar under it says how many, and its keys act on all of them.
function boxes() {
  return [...document.querySelectorAll("[data-row] [name=pick]")];
}

function picked() {
  return boxes().filter((box) => box.checked);
}

export function show() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const count = picked().length;
  bar.hidden = count === 0;
  const words = bar.querySelector("[data-picked]");
  words.textContent = words.dataset.words.replace("0", count);
  for (const button of bar.querySelectorAll("[type=button]")) button.hidden = false;
  for (const box of boxes()) box.closest("[data-row]").classList.toggle("sel", box.checked);
}

/** The numbers picked, to be picked again in a list drawn anew. */
export function keep() {
  return picked().map((box) => box.value);
}

export function again(numbers) {
  for (const box of boxes()) box.checked = numbers.includes(box.value);
  show();
}

function pickAll(yes) {
  for (const box of boxes()) box.checked = yes;
  show();
}

/** With rows picked the keys of steps mean all of them; whether `key` was one of these. */
export function bulkKey(key) {
  if (!picked().length) return false;
  const button = document.querySelector(`[data-bulk] [data-bulk-key="${CSS.escape(key)}"]`);
  if (button) button.click();
  return Boolean(button);
}

export function pickRows() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-row] [name=pick]")) show();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (button) pickAll(button.dataset.pick === "all");
  });
  window.addEventListener("pageshow", show);
}
