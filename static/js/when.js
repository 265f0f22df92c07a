// When it happened: only the field that belongs to the chosen answer is shown.
export function askWhen() {
  const root = document.querySelector("[data-when]");
  if (!root) return;
  const show = () => {
    const chosen = root.querySelector("[name=occurred]:checked");
    for (const part of root.querySelectorAll("[data-only]")) {
      part.hidden = !chosen || part.dataset.only !== chosen.value;
    }
  };
  root.addEventListener("change", show);
  show();
}
