// How many letters are written, of how many; red beyond the limit (the server decides).
function show(area) {
  const counter = document.querySelector(`[data-counter="${area.id}"]`);
  if (!counter) return;
  const letters = [...area.value.trim()].length;
  const most = Number(area.dataset.count);
  counter.textContent = `${letters}/${most}`;
  counter.classList.toggle("over", letters > most);
}

/** Count in every field that has a limit, also in one that comes into the page later. */
export function countLetters() {
  for (const area of document.querySelectorAll("[data-count]")) show(area);
  document.addEventListener("input", (event) => {
    if (event.target.dataset && event.target.dataset.count) show(event.target);
  });
}
