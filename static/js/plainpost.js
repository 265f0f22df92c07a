// The form posted as without script, when the phone keeps no draft or the server wants a correction:
// its page says what is wrong, with every field filled in.
const ANSWERS_WITHIN_MS = 15000;

/** A form token of this minute, or "" without network: the page may be an old one kept on the phone. */
export async function freshToken() {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWERS_WITHIN_MS);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch("/report/token", { headers, signal: patience.signal, cache: "no-store" });
    return (await answer.json()).form_token || "";
  } catch {
    return "";
  } finally {
    clearTimeout(timer);
  }
}

/** Posts under the draft's key: what did arrive before is not filed again. */
export function postForm(form, token, key) {
  for (const [name, value] of [["form_token", token], ["idempotency_key", key]]) {
    const input = form.elements[name] || form.appendChild(document.createElement("input"));
    Object.assign(input, { type: "hidden", name, value });
  }
  form.submit();
}
