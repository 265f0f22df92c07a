// What has been written survives a reload and the back button. It lives in this history entry
// only: nothing stays on a shared phone once the tab is closed, and contact fields are left out.
const LEFT_OUT = /^(csrf_token|form_token|website|altcha|contact_|consent)/;

function isWritten(field) {
  return /^(text|search|textarea)$/.test(field.type) && field.name && !LEFT_OUT.test(field.name);
}

export function keepDraft() {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const fields = () => [...form.elements].filter(isWritten);
  const draft = (history.state && history.state.draft) || {};
  for (const field of fields()) {
    if (!field.value && draft[field.name]) {
      field.value = draft[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  form.addEventListener("input", () => {
    const words = Object.fromEntries(fields().map((field) => [field.name, field.value]));
    history.replaceState({ ...history.state, draft: words }, "");
  });
}
