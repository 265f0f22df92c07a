// <button data-print hidden>: shown only where a script can print. WeChat has the function, which does nothing.
export function printButtons() {
  if (/MicroMessenger/i.test(navigator.userAgent)) return;
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
