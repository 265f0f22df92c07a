// A press that cannot be undone: the first asks, the second does it.
const FORGETS_MS = 10000;

/** The words it asks with stand in the button's data-sure. */
export function askTwice(button, work) {
  const usual = button.textContent;
  let isAsked = false;

  function ask(yes) {
    isAsked = yes;
    button.textContent = yes ? button.dataset.sure : usual;
  }

  button.addEventListener("click", () => {
    if (isAsked) {
      ask(false);
      work();
      return;
    }
    ask(true);
    setTimeout(ask, FORGETS_MS, false);
  });
}
