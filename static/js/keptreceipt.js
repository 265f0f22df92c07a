// The receipt notes its report in 我的举报, unless the owner of this phone does not want that.
import { canRemember, forgetReports, isWanted, keepReport, keptReports, want, wasForgotten } from "./kept.js";
import { say } from "./say.js";

export function keepReceipt() {
  const root = document.querySelector("[data-keep]");
  if (!root || !canRemember()) return;
  const { number, category, at, state, code } = root.dataset;
  const [noted, withCode] = [root.querySelector("[name=noted]"), root.querySelector("[name=with_code]")];

  function keep() {
    withCode.disabled = !noted.checked;
    if (noted.checked) keepReport({ number, category, at, state, code: withCode.checked ? code : undefined });
    else forgetReports([number]);
  }

  function changed(event) {
    if (!noted.checked) withCode.checked = false;
    if (event.target === noted) want(noted.checked);
    keep();
    say(event.target.checked ? root.dataset.kept : root.dataset.gone);
  }

  noted.checked = isWanted() && !wasForgotten(number);
  withCode.checked = keptReports().some((one) => one.number === number && one.code);
  root.addEventListener("change", changed);
  root.hidden = false;
  keep();
}
