// A form with no draft behind it (/track, a private window) waits for its photos: pressed while some
// are on their way, it is sent by itself when they have arrived. Pressed again, it goes at once, and
// what has not arrived goes with it as without script.
import { say } from "./say.js";

export function waitForPhotos(form, picker) {
  const button = form.querySelector("button[type=submit]") || document.querySelector(`button[form="${form.id}"]`);
  let isWaiting = false;

  function tell(sent, all) {
    button.lastChild.textContent = `${button.dataset.busy} ${sent}/${all}`;
  }

  form.addEventListener("submit", (event) => {
    if (isWaiting || !picker.isBusy()) {
      picker.giveBack();
      return;
    }
    event.preventDefault();
    isWaiting = true;
    say(picker.root.dataset.hold);
    picker.whenArrived(tell).then(() => form.submit());
  });
}
