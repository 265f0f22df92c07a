// A photo opens in a dialog over the page; arrow keys walk through its neighbours. Where dialogs
// are missing (Safari 13) the link opens the picture by itself.
function buildDialog() {
  const template = document.querySelector("template[data-zoom-dialog]");
  if (!template) return null;
  const dialog = template.content.firstElementChild.cloneNode(true);
  if (!dialog.showModal) return null;
  document.body.append(dialog);
  return dialog;
}

export function zoomPhotos() {
  let dialog = null;
  let links = [];
  let at = 0;
  const part = (name) => dialog.querySelector(`[data-${name}]`);

  function show(index) {
    at = (index + links.length) % links.length;
    const small = links[at].parentElement.querySelector("img");
    part("picture").src = links[at].href;
    part("picture").alt = small.alt;
    part("words").textContent = `${at + 1}/${links.length} ${small.alt}`;
    part("original").href = links[at].dataset.original || links[at].href;
  }

  function listen() {
    part("back").addEventListener("click", () => show(at - 1));
    part("next").addEventListener("click", () => show(at + 1));
    part("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") show(at - 1);
      if (event.key === "ArrowRight") show(at + 1);
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }

  // The report beside a list changes: what there is to see is looked up when one is pressed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-zoom]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!dialog) {
      dialog = buildDialog();
      if (!dialog) return;
      listen();
    }
    event.preventDefault();
    links = [...document.querySelectorAll("a[data-zoom]")];
    show(links.indexOf(link));
    dialog.showModal();
  });
}
