// Stylesheets of parts that are opened on demand: each is fetched once.
const sheets = new Map();

/** Resolves when the sheet at `href` applies; rejects when it cannot be had. */
export function loadSheet(href) {
  if (!sheets.has(href)) {
    sheets.set(href, new Promise((resolve, reject) => {
      const link = document.createElement("link");
      const failed = (fault) => {
        sheets.delete(href);
        link.remove();
        reject(fault);
      };
      Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: failed });
      document.head.append(link);
    }));
  }
  return sheets.get(href);
}
