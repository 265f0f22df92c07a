// Merkle trees of RFC 9162 over SHA-256, for checking proofs of the public log (core/merkle.py).
export const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (two) => parseInt(two, 16));
export const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const textBytes = (text) => new TextEncoder().encode(text);

async function hash(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

export const leafHash = (text) => hash([0], textBytes(text));
const nodeHash = (left, right) => hash([1], left, right);

/** For each step up from node `at` (of `last` + 1), whether its sibling stands left of it. */
function turnsOf(start, end) {
  const turns = [];
  let [at, last] = [start, end];
  const up = () => {
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  };
  while (last > 0) {
    const isLeft = at % 2 === 1 || at === last;
    turns.push(isLeft);
    if (isLeft) while (at % 2 === 0 && at > 0) up();
    up();
  }
  return turns;
}

async function climb(start, steps, turns) {
  let node = start;
  for (const [n, step] of steps.entries()) {
    node = turns[n] ? await nodeHash(step, node) : await nodeHash(node, step);
  }
  return node;
}

/** The root, in hexadecimal, that `path` leads to from a leaf's hash; empty when it does not fit. */
export async function rootByInclusion(leaf, index, size, path) {
  if (!(index >= 0 && index < size)) return "";
  const turns = turnsOf(index, size - 1);
  if (turns.length !== path.length) return "";
  return hexOf(await climb(bytesOf(leaf), path.map(bytesOf), turns));
}

/** Whether `path` proves that the tree of `second` ({size, root}) only adds to that of `first`. */
export async function isConsistent(first, second, path) {
  if (first.size === second.size) return first.root === second.root && path.length === 0;
  if (!(first.size > 0 && first.size < second.size)) return false;
  const isWhole = Number.isInteger(Math.log2(first.size));
  const steps = (isWhole ? [first.root, ...path] : path).map(bytesOf);
  let [at, last] = [first.size - 1, second.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  const turns = turnsOf(at, last);
  if (steps.length === 0 || turns.length !== steps.length - 1) return false;
  const left = steps.slice(1).filter((_step, n) => turns[n]);
  const old = await climb(steps[0], left, left.map(() => true));
  const all = await climb(steps[0], steps.slice(1), turns);
  return hexOf(old) === first.root && hexOf(all) === second.root;
}
