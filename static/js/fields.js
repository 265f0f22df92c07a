// What a form holds, as a draft keeps it, and back.

// Tokens are made anew; photos have keys of their own; an hour of sending belongs to one sending.
const LEFT_OUT = /^(form_token|altcha|photos|photo_ids|idempotency_key|pressed_at)$/;

export function fieldsOf(form, photos) {
  const fields = [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.test(name) && typeof value === "string");
  // Photos that came back with a refused form from a time before this draft.
  const known = new Set(photos.map((photo) => photo.id));
  const others = [...form.querySelectorAll("[name=photo_ids]")].map((input) => input.value);
  return [...fields, ...others.filter((id) => !known.has(id)).map((id) => ["photo_ids", id])];
}

function valueAtFirst(field) {
  if (field.type === "hidden") return ""; // its default changes with its value
  if (!field.options) return field.defaultValue;
  const chosen = [...field.options].find((option) => option.defaultSelected);
  return chosen ? chosen.value : "";
}

/** Whether somebody has filled in anything that was not there when the page came. */
export function isTyped(form, fields) {
  return fields.some(([name, value]) => {
    const field = form.elements[name];
    if (!field) return false;
    if (field instanceof RadioNodeList) return [...field].some((one) => one.checked && !one.defaultChecked);
    if (/^(checkbox|radio)$/.test(field.type)) return !field.defaultChecked;
    return value && value !== valueAtFirst(field);
  });
}

/** What somebody has written meanwhile, or the browser has put back itself, is newer and stays. */
export function putBack(form, fields) {
  for (const field of form.elements) {
    if (!field.name || LEFT_OUT.test(field.name)) continue;
    const given = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    const [checked, value] = [field.checked, field.value];
    if (/^(radio|checkbox)$/.test(field.type)) field.checked = given.includes(value);
    else if (given.length && value === valueAtFirst(field)) [field.value] = given;
    // What shows more of the form, or counts letters, listens for these.
    if (field.checked !== checked || field.value !== value) {
      for (const told of ["input", "change"]) field.dispatchEvent(new Event(told, { bubbles: true }));
    }
  }
}
