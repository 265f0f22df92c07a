// 照片里记着拍摄位置,用它吗? Two events and one line of the page, so that photos and places know
// nothing of each other:
//   photo:place  from the photos, bubbling up to the form; detail {lat, lng} in WGS-84 degrees of the
//                first photo that knows where it was taken, or null when none does any more;
//   place:set    to the document, heard by place.js; detail {lat, lng, source: "exif"}.
// The line is there while no place has been chosen. Pressing its button is the consent (ADR 0009).
const LEAST_ADDRESS = 4;

export function offerPhotoPlace(form) {
  const line = document.querySelector("[data-photo-place]");
  if (!line) return;
  let known = null;
  const filled = (name) => ((form.elements[name] || {}).value || "").trim();
  const isPlaced = () => filled("lat") || filled("grid_code") || filled("address").length >= LEAST_ADDRESS;

  function show() {
    line.hidden = !known || Boolean(isPlaced());
  }

  form.addEventListener("photo:place", ({ detail }) => {
    known = detail;
    show();
  });
  for (const happening of ["input", "change", "click"]) form.addEventListener(happening, show);
  line.querySelector("button").addEventListener("click", () => {
    document.dispatchEvent(new CustomEvent("place:set", { detail: { ...known, source: "exif" } }));
    line.hidden = true;
  });
}
