// Photos chosen for a form of the desk: counted and shown small, so that one sees what goes along.
function cell(file) {
  const item = document.createElement("li");
  item.className = "ph";
  const image = document.createElement("img");
  image.alt = file.name;
  image.width = image.height = 160;
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  // Some browsers cannot draw what a phone takes; it is sent all the same.
  image.addEventListener("error", () => item.classList.add("none"));
  item.append(image);
  return item;
}

function follow(box) {
  const inputs = [...box.querySelectorAll("input[type=file]")];
  const words = box.querySelector("[data-words]");
  const list = box.querySelector("[data-cells]");
  function show() {
    const files = inputs.flatMap((input) => [...input.files]);
    words.hidden = !files.length;
    words.textContent = words.dataset.said.replace("{n}", files.length);
    list.replaceChildren(...files.map(cell));
  }
  for (const input of inputs) input.addEventListener("change", show);
  show();
}

export function showChosen() {
  document.querySelectorAll("[data-chosen]").forEach(follow);
}
