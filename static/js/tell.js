// Words for those who do not see the page change: one line for screen readers that is always there.
export function tell(words) {
  let line = document.querySelector("[data-live]");
  if (!line) {
    line = document.createElement("p");
    line.className = "vh";
    line.dataset.live = "";
    line.setAttribute("role", "status");
    document.body.append(line);
  }
  line.textContent = "";
  setTimeout(() => {
    line.textContent = words;
  }, 50);
}
