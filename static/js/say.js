// One short message at the foot of the page, read out by screen readers; gone after four seconds.
let timer = 0;

export function say(words) {
  let toast = document.querySelector(".toast");
  if (!toast) {
    toast = document.createElement("p");
    toast.className = "toast";
    toast.setAttribute("role", "status");
    document.body.append(toast);
  }
  toast.hidden = false;
  toast.textContent = words;
  clearTimeout(timer);
  timer = setTimeout(() => {
    toast.hidden = true;
  }, 4000);
}
