// The page of a filing that needs a proof first: one press finds it and sends the form again.
import { prove } from "./proof.js";

export function offerCheck() {
  const place = document.querySelector("[data-verify]");
  const form = document.querySelector("#filing");
  const button = place.querySelector("button");
  place.hidden = false;
  button.addEventListener("click", async () => {
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    button.lastChild.textContent = button.dataset.busy;
    const { altcha } = form.elements;
    const asked = { challenge: JSON.parse(button.dataset.puzzle), ticket: altcha.value };
    altcha.value = await prove(asked, Number(button.dataset.wait) * 1000);
    document.querySelector("#send").click();
  });
}
