// Sends one photo, with progress. Tries again by itself when the network or the server falters.
import { say } from "./say.js";

const WAITS_MS = [1000, 3000, 9000];

export function randomUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

/**
 * Returns {promise, abort}. The promise gives the photo's id, or rejects with {words, final}:
 * `final` means that trying again is no use (not a picture, too large).
 */
export function sendPhoto(url, file, onProgress) {
  const key = randomUuid();
  let request = null;
  let timer = 0;
  let aborted = false;

  function once(resolve, reject, tries) {
    request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    const again = () => {
      if (aborted) return;
      if (tries >= WAITS_MS.length) reject({ words: "", final: false });
      else timer = setTimeout(once, WAITS_MS[tries], resolve, reject, tries + 1);
    };
    request.onerror = again;
    request.ontimeout = again;
    request.onload = () => {
      const { status } = request;
      const answer = answerOf(request);
      if (status === 201 && answer.id) resolve(answer.id);
      else if (status >= 500 || status === 429 || status === 409) again();
      else {
        if (answer.detail) say(answer.detail);
        reject({ words: answer.title || answer.detail || "", final: true });
      }
    };
    const body = new FormData();
    body.append("photo", file, file.name);
    request.send(body);
  }

  return {
    promise: new Promise((resolve, reject) => {
      once(resolve, reject, 0);
    }),
    abort() {
      aborted = true;
      clearTimeout(timer);
      request.abort();
    },
  };
}
