// After a refused form the summary takes the focus, so that it is the first thing read.
export function focusErrors() {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
}
