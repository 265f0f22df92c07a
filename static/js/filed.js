// Which draft was on its way when this tab left the filing page. The receipt page erases it, but only
// when it shows that draft's own receipt: the codes of any other exist nowhere else.
const FILED = "filed";

/** `number`: that of its receipt, when it is known already. */
export function noteFiled(id, number = "") {
  sessionStorage.setItem(FILED, JSON.stringify({ id, number }));
}

/** {id, number} of the draft that was on its way, once. */
export function takeFiled() {
  const noted = sessionStorage.getItem(FILED);
  sessionStorage.removeItem(FILED);
  return noted ? JSON.parse(noted) : null;
}
