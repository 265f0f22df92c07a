// A form with data-once is sent once: its buttons turn busy, a second press does nothing.
function rest(form) {
  form.removeAttribute("data-sent");
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

export function guardForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter || form.querySelector("button:not([type=button])");
    if (button) {
      button.setAttribute("aria-busy", "true");
      if (button.dataset.busy) button.lastChild.textContent = button.dataset.busy;
    }
  });
  // Coming back through the browser's history finds the form ready again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(rest);
  });
}
