// <button data-picture hidden>: the receipt as a picture, drawn on this phone when asked for. It is
// shown as well as offered for download: WeChat keeps pictures by a long press and blocks downloads.
import { say } from "./say.js";

async function show(button) {
  const place = document.querySelector("[data-picture-here]");
  const { drawReceipt } = await import("./receiptpicture.js");
  const address = drawReceipt(document.querySelector(".ticket"), button.dataset);
  const [image, link] = [place.querySelector("img"), place.querySelector("a")];
  image.src = address;
  link.href = address;
  link.hidden = /MicroMessenger/i.test(navigator.userAgent);
  place.hidden = false;
  place.focus();
}

export function offerPicture() {
  const button = document.querySelector("[data-picture]");
  if (!button || !window.Path2D || !document.createElement("canvas").getContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    show(button).catch((fault) => {
      console.warn(fault);
      say(button.dataset.failed);
    });
  });
}
