// Which draft was on its way when this tab left the filing page. The receipt page erases it: whatever
// way it was sent, it has arrived by then.
const FILED = "filed";

export function noteFiled(id) {
  sessionStorage.setItem(FILED, id);
}

export function takeFiled() {
  const id = sessionStorage.getItem(FILED);
  sessionStorage.removeItem(FILED);
  return id;
}
