// Puts a text ready to use into the fields of its form, without asking the server.
function put(form, values) {
  let first = null;
  for (const [name, words] of Object.entries(values)) {
    const field = form.elements[name];
    if (!field) continue;
    field.value = words;
    // What counts letters listens for these.
    for (const told of ["input", "change"]) field.dispatchEvent(new Event(told, { bubbles: true }));
    if (field.matches("textarea")) first = field;
  }
  return first;
}

/** The field to look over: its first gap is selected, for nobody should send it. */
function lookOver(field) {
  field.focus();
  const gap = field.value.indexOf("＿");
  if (gap >= 0) field.setSelectionRange(gap, gap + (/^＿+/.exec(field.value.slice(gap)) || [""])[0].length);
}

export function readyTexts() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ready] button");
    if (!button) return;
    event.preventDefault();
    const area = button.closest("[data-ready]");
    const chosen = area.querySelector("select").selectedOptions[0];
    if (!chosen || !chosen.dataset.values) return;
    const field = put(button.form, JSON.parse(chosen.dataset.values));
    const said = area.querySelector("[data-said]");
    said.textContent = said.dataset.said;
    if (field) lookOver(field);
  });
}
