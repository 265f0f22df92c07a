// Draws the receipt as a picture for the album, from the words and the QR code of the page itself.
// Paper does not go dark: the colours are those of the light page (static/css/tokens.css).
const [WIDE, EDGE] = [1080, 72];
const COLOURS = { head: "#06382a", sprout: "#c8ea62", ink: "#13211c", hint: "#56655f", pine: "#0b6b4c", paper: "#fff" };
const FONT = '"PingFang SC","HarmonyOS Sans SC","MiSans","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif';
const MONO = `ui-monospace,"SF Mono","Roboto Mono","DejaVu Sans Mono",consolas,${FONT}`;

const wordsOf = (node) => node.textContent.replace(/\s+/g, " ").trim();

/** Breaks `words` where they would not fit: between words or characters, never before a full stop. */
function linesOf(pen, words, room) {
  const lines = [""];
  for (const part of words.match(/[\x21-\x7e]+\s?|.[，。、；：？！”）]*/gu) || []) {
    if (pen.measureText(lines[lines.length - 1] + part).width > room) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map((line) => line.trim()).filter(Boolean);
}

/** What stands on the picture, from top to bottom: {words, size, colour, bold, mono, gap}. */
function rowsOf(ticket, { site, once }) {
  const rows = [];
  for (const node of ticket.querySelectorAll(".secret .lab,.secret .code")) {
    const isCode = node.classList.contains("code");
    if (isCode) rows.push({ words: wordsOf(node), size: 58, bold: true, mono: true, gap: 8, centre: true });
    else rows.push({ words: wordsOf(node), size: 34, colour: COLOURS.hint, gap: 44, centre: true });
  }
  rows.push({ words: once, size: 36, bold: true, colour: COLOURS.pine, gap: 48, centre: true });
  const names = [...ticket.querySelectorAll(".kv dt")];
  names.forEach((name, n) => {
    const words = `${wordsOf(name)}  ${wordsOf(name.nextElementSibling)}`;
    rows.push({ words, size: 34, gap: n ? 14 : 56 });
  });
  rows.push({ words: site, size: 30, colour: COLOURS.hint, gap: 40, centre: true });
  return rows;
}

function fontOf({ size, bold, mono }) {
  return `${bold ? 700 : 400} ${size}px ${mono ? MONO : FONT}`;
}

/** Draws the rows from `y` on, or only measures them without a `paint`; gives where they end. */
function setRows(pen, rows, y, paint) {
  let at = y;
  for (const row of rows) {
    pen.font = fontOf(row);
    pen.fillStyle = row.colour || COLOURS.ink;
    pen.textAlign = row.centre ? "center" : "left";
    at += row.gap;
    for (const line of linesOf(pen, row.words, WIDE - 2 * EDGE)) {
      at += row.size * 1.3;
      if (paint) pen.fillText(line, row.centre ? WIDE / 2 : EDGE, at);
    }
  }
  return at;
}

function drawHead(pen, ticket, tall) {
  pen.fillStyle = COLOURS.head;
  pen.fillRect(0, 0, WIDE, tall);
  const rows = [...ticket.querySelectorAll(".stub h1,.stub p")].map((node, n) => ({
    words: wordsOf(node),
    size: n ? 38 : 60,
    bold: !n,
    colour: n ? COLOURS.sprout : COLOURS.paper,
    gap: n ? 20 : 60,
    centre: true,
  }));
  setRows(pen, rows, 0, true);
}

function drawCode(pen, svg, top, side) {
  const modules = svg.viewBox.baseVal.width;
  pen.save();
  pen.translate((WIDE - side) / 2, top);
  pen.scale(side / modules, side / modules);
  pen.fillStyle = "#000";
  pen.fill(new Path2D(svg.querySelector("path").getAttribute("d")));
  pen.restore();
}

/** The picture of `ticket` as the address of a PNG; `words`: {site, once}. */
export function drawReceipt(ticket, words) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const [head, side, rows] = [280, 360, rowsOf(ticket, words)];
  const end = setRows(pen, rows, head, false);
  [canvas.width, canvas.height] = [WIDE, Math.ceil(end + side + 140)];
  pen.fillStyle = COLOURS.paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  drawHead(pen, ticket, head);
  setRows(pen, rows, head, true);
  drawCode(pen, ticket.querySelector(".qr"), end + 50, side);
  return canvas.toDataURL("image/png");
}
