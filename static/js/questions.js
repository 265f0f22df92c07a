// What belongs to the chosen category: its notice, its questions, and a word when a photo would help.
export function askQuestions() {
  const picker = document.querySelector("[data-categories]");
  const cells = document.querySelector("[data-cells]");
  if (!picker) return;

  function show() {
    const chosen = picker.querySelector("[name=category]:checked");
    for (const part of picker.querySelectorAll("[data-for]")) {
      const isFor = Boolean(chosen) && part.dataset.for.split(" ").includes(chosen.value);
      const hasPhotos = Boolean(cells) && cells.children.length > 0;
      part.hidden = !isFor || ("withoutPhotos" in part.dataset && hasPhotos);
    }
  }

  for (const words of picker.querySelectorAll("[data-plain]")) words.hidden = true;
  picker.addEventListener("change", show);
  if (cells) new MutationObserver(show).observe(cells, { childList: true });
  show();
}
