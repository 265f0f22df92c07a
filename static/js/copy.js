// <button data-copy="text"> or data-copy-from="#id": puts the text on the clipboard and says so.
import { say } from "./say.js";

async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Plain http and old WebViews have no clipboard object.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "vh";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy refused");
  return undefined;
}

export function copyButtons() {
  for (const button of document.querySelectorAll("[data-copy],[data-copy-from]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
      try {
        await copyText(source ? source.textContent.trim() : button.dataset.copy);
        say(button.dataset.done || "✓");
      } catch {
        say(button.dataset.failed || "×");
      }
    });
  }
}
