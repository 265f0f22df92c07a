// [data-compare]: before over after, moved by scrolling. With a script a range lies over it, so that a
// mouse drags the seam, arrow keys move it, and a reader hears how much of each is seen.
const STEP = 2;

function seam(box) {
  const most = box.scrollWidth - box.clientWidth;
  return most > 0 ? Math.round(100 * (1 - box.scrollLeft / most)) : 100;
}

function ranged(box) {
  const range = document.createElement("input");
  Object.assign(range, { type: "range", min: 0, max: 100, step: STEP, className: "cmp-r" });
  range.setAttribute("aria-label", box.getAttribute("aria-label"));
  const say = () => range.setAttribute("aria-valuetext", box.dataset.says.replace("%n", range.value));
  const show = () => {
    range.value = seam(box);
    say();
  };
  range.addEventListener("input", () => {
    box.scrollLeft = (1 - range.value / 100) * (box.scrollWidth - box.clientWidth);
    say();
  });
  box.addEventListener("scroll", show, { passive: true });
  box.removeAttribute("tabindex");
  box.removeAttribute("role");
  box.removeAttribute("aria-label");
  box.classList.add("cmp-on");
  box.parentElement.append(range);
  return show;
}

/** The seam waits in the middle, also while the page still finds its width, until somebody moves it. */
function centre(box, show) {
  let isTouched = false;
  const put = () => {
    if (!isTouched) box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
    show();
  };
  for (const kind of ["pointerdown", "keydown", "wheel"]) {
    box.parentElement.addEventListener(kind, () => { isTouched = true; }, { passive: true });
  }
  if (window.ResizeObserver) new ResizeObserver(put).observe(box);
  put();
}

export function compareSliders() {
  for (const box of document.querySelectorAll("[data-compare]")) {
    // Below the floor the pair stands side by side, and there is nothing to move.
    if (getComputedStyle(box).overflowX !== "auto") continue;
    centre(box, ranged(box));
  }
}
