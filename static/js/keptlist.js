// The list 我的举报 on /track and on the page without network; filled in by script only.
import { askTwice } from "./asktwice.js";
import { forgetReports, keptReports } from "./kept.js";
import { say } from "./say.js";

function dayOf(report) {
  const language = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
  const at = new Date(report.at);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleDateString(language, { month: "short", day: "numeric" });
}

class KeptList {
  constructor(root) {
    this.root = root;
    this.items = root.querySelector("[data-items]");
    this.template = root.querySelector("template");
    this.none = document.querySelector("[data-kept-none]");
    this.form = document.querySelector("form[data-track]");
    askTwice(root.querySelector("[data-drop-all]"), () => this.erase(keptReports()));
  }

  show() {
    const lines = keptReports().map((report) => this.line(report));
    while (this.items.firstChild) this.items.firstChild.remove();
    this.items.append(...lines);
    this.root.hidden = !lines.length;
    this.root.querySelector("[data-drop-all]").hidden = lines.length < 2;
    if (this.none) this.none.hidden = lines.length > 0;
  }

  line(report) {
    const node = this.template.content.firstElementChild.cloneNode(true);
    const part = (name) => node.querySelector(`[data-${name}]`);
    const { words } = this.root.dataset;
    part("title").textContent = report.category || report.number;
    part("number").textContent = report.number;
    part("day").textContent = dayOf(report);
    part("state").textContent = report.state ? words.replace("%s", report.state) : "";
    part("code").hidden = !report.code;
    part("open").href = `/track?number=${encodeURIComponent(report.number)}#query_code`;
    part("open").addEventListener("click", (event) => this.open(event, report));
    part("about").id = `kept-${report.number}`;
    part("drop").setAttribute("aria-describedby", part("about").id);
    askTwice(part("drop"), () => this.erase([report]));
    return node;
  }

  /** With the code kept here it opens at once, by POST as always; else only the code is left to type. */
  open(event, report) {
    if (!this.form) return;
    event.preventDefault();
    this.form.elements.number.value = report.number;
    if (report.code) {
      this.form.elements.query_code.value = report.code;
      this.form.submit();
    } else {
      this.form.elements.query_code.focus();
      say(this.root.dataset.type);
    }
  }

  erase(reports) {
    forgetReports(reports.map((report) => report.number));
    this.show();
    say(this.root.dataset.gone);
    document.querySelector("#main").focus();
  }
}

export function showKept() {
  const root = document.querySelector("[data-kept]");
  if (root) new KeptList(root).show();
}
