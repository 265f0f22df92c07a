// Holds a receipt against the public log, in this browser: the same steps as log_check.py, and one
// more, that the log which was seen here last is still the beginning of this one.
import { bytesOf, hexOf, isConsistent, leafHash, rootByInclusion, textBytes } from "./merkle.js";

const SEEN = "log-head";

/** What was typed or read from a file, as a receipt; null when it is none. */
export function readReceipt(text) {
  try {
    const found = JSON.parse(text);
    const told = found.receipt || found;
    const names = ["leaf", "number", "nonce", "content_commitment", "received_at"];
    return names.every((name) => typeof told[name] === "string") ? told : null;
  } catch {
    return null;
  }
}

async function hmac(nonce, text) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytesOf(nonce), how, false, ["sign"]);
  return hexOf(new Uint8Array(await crypto.subtle.sign("HMAC", key, textBytes(text))));
}

async function matches(receipt, proof) {
  if (!receipt.nonce) return "open";
  const entry = JSON.parse(proof.entry);
  const isSame =
    entry.kind === "file" &&
    entry.case === (await hmac(receipt.nonce, `case\n${receipt.number}`)) &&
    entry.content === receipt.content_commitment &&
    entry.on === receipt.received_at.slice(0, 10) &&
    proof.leaf === receipt.leaf;
  return isSame ? "passed" : "failed";
}

async function leadsUp(proof) {
  const leaf = hexOf(await leafHash(proof.entry));
  const root = await rootByInclusion(leaf, proof.index, proof.head.size, proof.path);
  return leaf === proof.leaf && root === proof.head.root ? "passed" : "failed";
}

/** Older browsers do not know Ed25519: then it is left open. */
async function isSigned({ head, key }) {
  const root = btoa(String.fromCharCode(...bytesOf(head.root)));
  const text = `${head.origin}\n${head.size}\n${root}\ntime ${head.at}\n`;
  let known;
  try {
    known = await crypto.subtle.importKey("raw", bytesOf(key.public), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "open";
  }
  const isTrue = await crypto.subtle.verify({ name: "Ed25519" }, known, bytesOf(head.signature), textBytes(text));
  return isTrue ? "passed" : "failed";
}

/** What this browser saw last is the beginning of what it sees now; nothing, the first time. */
async function hasGrown(head) {
  const seen = JSON.parse(localStorage.getItem(SEEN) || "null");
  if (!seen) return null;
  if (seen.size > head.size) return "failed";
  const answer = await fetch(`/open/log/consistency?first=${seen.size}&second=${head.size}`);
  const { path } = await answer.json();
  return (await isConsistent(seen, head, path || [])) ? "passed" : "failed";
}

/** Every step as [name, outcome], the place of the leaf, and what it comes to. */
export async function checkReceipt(receipt) {
  const leaf = receipt.leaf.replace(/[\s-]/g, "").toLowerCase();
  const answer = await fetch(`/open/log/proof?leaf=${encodeURIComponent(leaf)}`);
  const proof = await answer.json();
  if (proof.code === "not_published_yet") return { steps: [["found", "passed"], ["waits", "open"]], outcome: "open", place: 0 };
  if (answer.status === 404) return { steps: [["found", "failed"]], outcome: "failed", place: 0 };
  if (!answer.ok) throw new Error(proof.code);
  const steps = [
    ["found", proof.leaf.startsWith(leaf) ? "passed" : "failed"],
    ["match", await matches(receipt, proof)],
    ["path", await leadsUp(proof)],
    ["signed", await isSigned(proof)],
  ];
  const grown = await hasGrown(proof.head);
  if (grown) steps.push(["grown", grown]);
  const outcome = steps.some(([, came]) => came === "failed") ? "failed" : "passed";
  if (outcome === "passed") localStorage.setItem(SEEN, JSON.stringify({ size: proof.head.size, root: proof.head.root }));
  return { steps, outcome, place: proof.index + 1 };
}
