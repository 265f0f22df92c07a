/**
 * Builds the front end: static/js/entries/*.js and static/css/entries/*.css are bundled and
 * minified, static/img is copied; every file gets its content hash in its name, and
 * static/dist/manifest.json says which name a page must ask for:
 *
 *   "report.js" → "report-4F2ZK7QA.js"     "img/icons.svg" → "icons-9C41D0AA.svg"
 *
 * Next to each file that shrinks stand .gz and .br copies, so that nothing is compressed while
 * a visitor waits. What an earlier build left is removed after a day: a portal that was started
 * on it, and pages already open, still ask for the old names.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "static", "dist");

const KEEPS_MS = 24 * 60 * 60 * 1000;

// Files that are compressed already gain nothing from a second pass.
const SHRINKS = new Set([".css", ".ico", ".js", ".json", ".svg", ".webmanifest"]);

const shared = {
  absWorkingDir: root,
  outdir: dist,
  // Absolute, because the critical CSS is also inlined into pages of any depth.
  publicPath: "/static/dist",
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  charset: "utf8",
  // Licences travel with the code, in a file of their own beside it.
  legalComments: "linked",
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  // quality.md section 2: Chrome/WebView 80 and Safari 13 must read the syntax.
  target: ["chrome80", "safari13"],
  // esbuild holds destructuring to be missing before Safari 14.1 for a corner case of default
  // values, and cannot rewrite it; Safari 13 reads it.
  supported: { destructuring: true },
  loader: {
    ".gif": "file",
    ".jpg": "file",
    ".png": "file",
    ".svg": "file",
    ".webp": "file",
    ".woff2": "file",
  },
  logLevel: "warning",
};

/** The files of one folder with this ending, as paths from the root; none when it is missing. */
async function listFiles(folder, ending) {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.name.startsWith("."))
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}

/** Bundles some entries together; returns the files to write and the manifest's rows. */
async function bundle(entryPoints, options) {
  const files = new Map();
  const names = {};
  if (entryPoints.length === 0) return { files, names };
  const result = await build({ ...shared, ...options, entryPoints });
  for (const output of result.outputFiles) {
    files.set(path.relative(dist, output.path), output.contents);
  }
  for (const [output, { entryPoint, cssBundle }] of Object.entries(result.metafile.outputs)) {
    // A module that is imported on demand is an "entry" too, but no page asks for it by name.
    if (!entryPoints.includes(entryPoint)) continue;
    if (cssBundle) throw new Error(`${entryPoint} imports CSS: give it an entry in static/css/entries`);
    names[path.basename(entryPoint)] = path.basename(output);
  }
  return { files, names };
}

/** Gives every picture its hash; the manifest names it img/<name>. */
async function pictures() {
  const files = new Map();
  const names = {};
  for (const picture of await listFiles("static/img", "")) {
    const contents = await readFile(path.join(root, picture));
    const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
    const { name, ext } = path.parse(picture);
    files.set(`${name}-${hash}${ext}`, contents);
    names[`img/${name}${ext}`] = `${name}-${hash}${ext}`;
  }
  return { files, names };
}

/** Adds the compressed copies of what shrinks. */
function withCompressed(files) {
  const all = new Map(files);
  for (const [name, contents] of files) {
    if (!SHRINKS.has(path.extname(name))) continue;
    all.set(`${name}.gz`, gzipSync(contents, { level: 9 }));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
    };
    all.set(`${name}.br`, brotliCompressSync(contents, { params }));
  }
  return all;
}

const parts = await Promise.all([
  // Each script by itself: what two entries share would be a third request, one round trip later.
  ...(await listFiles("static/js/entries", ".js")).map((entry) => bundle([entry], { format: "esm", splitting: true })),
  bundle(await listFiles("static/css/entries", ".css"), {}),
  pictures(),
]);
const files = withCompressed(new Map(parts.flatMap((part) => [...part.files])));
const names = Object.assign({}, ...parts.map((part) => part.names));
const manifest = Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));

await mkdir(dist, { recursive: true });
await Promise.all([...files].map(([name, contents]) => writeFile(path.join(dist, name), contents)));
// The manifest comes last and in one step: a server that starts meanwhile sees old or new, whole.
const draft = path.join(dist, "manifest.json.new");
await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
await rename(draft, path.join(dist, "manifest.json"));
const left = (await readdir(dist)).filter((name) => name !== "manifest.json" && !files.has(name));
await Promise.all(left.map(async (name) => {
  const { mtimeMs } = await stat(path.join(dist, name));
  if (Date.now() - mtimeMs > KEEPS_MS) await rm(path.join(dist, name), { recursive: true });
}));
