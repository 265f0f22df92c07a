// Level-2 pills: only those of the chosen tile are shown, and the tile stays marked under them.
export function showSubcategories() {
  const picker = document.querySelector("[data-categories]");
  if (!picker) return;
  const tiles = [...picker.querySelectorAll(".tile input")];
  const subs = picker.querySelector("[data-subs]");
  const groups = [...subs.querySelectorAll("[data-parent]")];

  function show() {
    const chosen = picker.querySelector("input:checked");
    const first = chosen ? chosen.value.split(".")[0] : "";
    for (const tile of tiles) {
      tile.parentElement.classList.toggle("on", tile.value === first && tile !== chosen);
    }
    for (const group of groups) group.hidden = group.dataset.parent !== first;
    subs.hidden = !groups.some((group) => !group.hidden);
    subs.open = !subs.hidden;
  }

  picker.addEventListener("change", show);
  show();
}
