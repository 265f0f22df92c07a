// The button that opens the public map. An address with a view in it, and a wide screen on a free
// line, open it by themselves.
const WIDE = "(min-width: 60rem)";

export function offerMap() {
  const root = document.querySelector("[data-open-map]");
  const line = document.querySelector("[data-open]");
  if (!root || !line) return;
  const button = line.querySelector("button");
  line.hidden = false;

  async function open(isAsked) {
    button.setAttribute("aria-busy", "true");
    const failed = document.querySelector("[data-no-map]");
    try {
      const { PublicMap } = await import("./publicmap.js");
      const map = await PublicMap.open(root);
      line.hidden = true;
      failed.hidden = true;
      if (isAsked) map.focus();
    } catch (fault) {
      console.warn(fault);
      failed.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  button.addEventListener("click", () => button.hasAttribute("aria-busy") || open(true));
  const saves = navigator.connection && navigator.connection.saveData;
  const isWide = window.matchMedia(WIDE).matches && !saves;
  if (isWide || new URLSearchParams(location.search).has("bbox")) open(false);
}
