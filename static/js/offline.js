// Registers the service worker once the page is quiet. WeChat on iOS has none: nothing depends on it.
export function workOffline() {
  if (!navigator.serviceWorker) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch((fault) => console.warn(fault));
  });
}
