// <noscript data-late>: a picture that is fetched when it comes near the screen. Lazy pictures alone
// are asked for three screens ahead on a slow network, before what one looks at has arrived.
const NEAR = "40px 0px";

/** Puts the page's own markup in its place, which a browser with scripts keeps as text. */
function bring(slot) {
  const parsed = new DOMParser().parseFromString(slot.textContent, "text/html");
  slot.replaceWith(...parsed.body.childNodes);
}

export function bringLatePictures() {
  const slots = [...document.querySelectorAll("noscript[data-late]")];
  if (!window.IntersectionObserver) return slots.forEach(bring);
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      target.querySelectorAll("noscript[data-late]").forEach(bring);
    }
  }, { rootMargin: NEAR });
  // What holds the slot is watched: the slot itself has no place on the page.
  for (const slot of slots) seen.observe(slot.parentElement);
}
