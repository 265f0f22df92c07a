// How many letters are written, of how many; red beyond the limit (the server decides).
export function countLetters() {
  for (const area of document.querySelectorAll("[data-count]")) {
    const counter = document.querySelector(`[data-counter="${area.id}"]`);
    const most = Number(area.dataset.count);
    const show = () => {
      const letters = [...area.value.trim()].length;
      counter.textContent = `${letters}/${most}`;
      counter.classList.toggle("over", letters > most);
    };
    area.addEventListener("input", show);
    show();
  }
}
