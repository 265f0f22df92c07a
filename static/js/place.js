// Where it is. The page needs none of this: address and list work without. Everything but the two
// buttons comes when one is pressed. Whoever else knows the place, such as a photo, says so with
//   document.dispatchEvent(new CustomEvent("place:set", { detail: { lat, lng, source, accuracy } }))
// in WGS-84 degrees and metres, `source` as in the form (exif, gps, pin), `accuracy` may be missing.
export function offerPlace() {
  const root = document.querySelector("[data-place]");
  if (!root) return;
  const [locate, open] = [root.querySelector("[data-locate]"), root.querySelector("[data-open-map]")];
  let loading = null;

  async function placing() {
    if (!loading) loading = import("./placing.js");
    try {
      const { placingIn } = await loading;
      return placingIn(root);
    } catch (fault) {
      loading = null;
      throw fault;
    }
  }

  async function press(button, use) {
    button.setAttribute("aria-busy", "true");
    try {
      await use(await placing());
    } catch (fault) {
      console.warn(fault);
      const told = root.querySelector("[data-told]");
      told.hidden = false;
      told.className = "note amber sp-s";
      told.querySelector("[data-said]").textContent = root.dataset.noMap;
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  function onClick(button, use) {
    button.hidden = false;
    button.addEventListener("click", () => button.hasAttribute("aria-busy") || press(button, use));
  }

  onClick(open, (place) => place.openMap());
  // Browsers give no position to a page that came without encryption.
  if (navigator.geolocation && window.isSecureContext) {
    onClick(locate, (place) => place.locate());
  } else {
    open.parentNode.classList.remove("c2");
  }
  document.addEventListener("place:set", ({ detail }) => press(open, (place) => place.set(detail)));
  if (root.querySelector("[name=lat]").value) press(open, (place) => place.goOn());
}
