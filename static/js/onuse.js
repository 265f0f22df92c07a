// Loads a part of a page when it is first used. What a page imports itself everybody pays for before
// they can start; photos, drafts, maps and the like are for those who do.
const TOUCHES = ["pointerdown", "focusin", "keydown", "input", "change"];

/** Calls `load` at the first touch of `root`; where that fails for want of network, at the next one. */
export function onUse(root, load) {
  function start() {
    for (const touch of TOUCHES) root.removeEventListener(touch, start, true);
    load().catch((fault) => {
      console.warn(fault);
      listen();
    });
  }

  function listen() {
    for (const touch of TOUCHES) root.addEventListener(touch, start, true);
  }

  listen();
}
