// Keyboard of the desk: / finds, J K move in a list, Enter opens, ? shows all keys, and any
// element with data-key="a" is pressed (or focused, when it is a field) by that key.
function isTyping(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]");
}

function moveInList(step) {
  const links = [...document.querySelectorAll("[data-row] h3 a")];
  if (!links.length) return;
  const focused = links.indexOf(document.activeElement);
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  const from = focused >= 0 ? focused : current;
  const next = links[Math.min(Math.max(from + step, 0), links.length - 1)];
  next.focus();
  next.closest("[data-row]").scrollIntoView({ block: "nearest" });
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches("input,select,textarea")) target.focus();
  else target.click();
  return true;
}

function showHelp() {
  const help = document.querySelector("dialog.keyhelp");
  if (!help || !help.showModal) return false;
  help.showModal();
  return true;
}

function act(key, special) {
  if (special(key)) return true;
  if (key === "j" || key === "k") {
    moveInList(key === "j" ? 1 : -1);
    return true;
  }
  return key === "?" ? showHelp() : press(key);
}

/** `special` is asked first and says whether the key was its own. */
export function listenForKeys(special) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (act(key, special)) event.preventDefault();
  });
}
