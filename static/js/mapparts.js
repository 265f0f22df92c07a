// What a map of ours is dressed with: drawings, and the pieces around it. No markup from strings.

const TICKS = "M0 -26V-8M0 26V8M-26 0H-8M26 0H8";
const CROSS = [
  ["path", { class: "m-halo", d: TICKS }],
  ["path", { class: "m-cross", d: TICKS }],
  ["circle", { class: "m-dot", r: 3.2 }],
];
const PIN = [
  ["path", { class: "m-pin", d: "M0 0C-5 -9 -13 -14 -13 -23a13 13 0 0 1 26 0C13 -14 5 -9 0 0z" }],
  ["circle", { class: "m-eye", cy: -23, r: 4.8 }],
];

function drawing(className, view, shapes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  if (view) svg.setAttribute("viewBox", view);
  for (const [name, attributes] of shapes) {
    const node = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    svg.append(node);
  }
  return svg;
}

export const crosshair = () => drawing("cross", "-32 -32 64 64", CROSS);
export const pin = () => drawing("m-p", "-16 -40 32 44", PIN);

export const warning = () => drawing("m-l", "-9 -2 18 16", [["path", { class: "m-late", d: "M0 0l7 12.5h-14z" }]]);

/** An icon that the page's own sprite holds. */
export const icon = (name) => drawing("i", "", [["use", { href: `#i-${name}` }]]);

export function piece(tag, className, words) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(words);
  return node;
}

export function loadSheet(href) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: reject });
    document.head.append(link);
  });
}

export async function loadJson(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}
