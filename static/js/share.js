// <button data-share="url" hidden>: the phone's own share sheet where there is one. Elsewhere the copy button stays.
export function shareButtons() {
  if (!navigator.share) return;
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    document.querySelectorAll(`[data-copy="${button.dataset.share}"]`).forEach((copy) => {
      copy.hidden = true;
    });
    button.addEventListener("click", () => {
      // Closing the sheet is no fault.
      navigator.share({ title: document.title, url: button.dataset.share }).catch(() => undefined);
    });
  }
}
