// The line at the main button: what is still open. It only tells; the server decides.
const LEAST = 5;
const LEAST_ADDRESS = 4;

export function tellOpenPoints() {
  const line = document.querySelector("[data-open-points]");
  const form = document.querySelector("form[data-draft]");
  if (!line || !form) return;
  const words = line.dataset;
  const filled = (name) => ((form.elements[name] || {}).value || "").trim();

  function openPoints() {
    const open = [];
    if (!form.querySelector("[name=category]:checked")) open.push(words.category);
    const placed = filled("lat") || filled("grid_code") || filled("address").length >= LEAST_ADDRESS;
    if (!placed) open.push(words.place);
    if (filled("description").length < LEAST) open.push(words.description);
    if (!form.elements.consent.checked) open.push(words.consent);
    return open;
  }

  function show() {
    const open = openPoints();
    line.dataset.missing = open.length;
    const sending = form.querySelector(".ph .up:not([hidden])");
    if (open.length) line.textContent = words.still.replace("%list", open.join(words.comma));
    else line.textContent = sending ? words.sending : "";
  }

  for (const happening of ["input", "change", "click"]) form.addEventListener(happening, show);
  for (const part of form.querySelectorAll("[data-place],[data-cells]")) {
    new MutationObserver(show).observe(part, { attributes: true, childList: true, subtree: true });
  }
  show();
}
