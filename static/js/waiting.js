// The list 待发送 on pages other than the filing page: fetched only by phones that ever kept a draft.
function hasKept() {
  try {
    return Boolean(localStorage.getItem("drafts"));
  } catch {
    return false;
  }
}

export async function showWaiting() {
  const root = document.querySelector("[data-outbox]");
  if (!root || document.querySelector("form[data-draft]") || !hasKept()) return;
  const [{ OutboxList }, { canKeep }] = await Promise.all([import("./outboxlist.js"), import("./store.js")]);
  if (await canKeep()) await new OutboxList(root).start();
}
