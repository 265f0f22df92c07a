// Sends one photo, with progress, until it has arrived or is refused for good: a lost network or a
// faltering server is waited for, longer each time, and asked again at once when the phone wakes.
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;
const SILENCE_MS = 180000;
const PROOFS = 3;

export function randomUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** How long to wait after `tries` failures, in milliseconds: 2, 4, 8 … 60 seconds. */
export function waitMs(tries) {
  return Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
}

/**
 * Whether the same request may be answered otherwise later. Only the portal itself refuses for good:
 * its refusals have a code; those of a proxy or a hotspot on the way have none.
 */
export function isPassing(status, answer) {
  if (status === 413 || status === 415) return false;
  if (!answer.code || status >= 500) return true;
  return status === 408 || status === 409 || status === 429;
}

/** Sends; asked for a proof beyond the limits, finds one and sends the same again. */
export async function proved(send) {
  let got = await send("");
  for (let n = 0; n < PROOFS && got.status === 429 && got.answer.challenge; n += 1) {
    const { answer, wait } = got;
    const proof = await import("./proof.js").then(({ prove }) => prove(answer, wait)).catch(console.warn);
    if (!proof) break;
    got = await send(proof);
  }
  return got;
}

/** Calls `again` when the network may be back: returns how to stop listening. */
export function onWake(again) {
  const seen = () => {
    if (!document.hidden) again();
  };
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", seen);
  return () => {
    window.removeEventListener("online", again);
    document.removeEventListener("visibilitychange", seen);
  };
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

/** One try: resolves to {status, answer, wait}; status 0 when nothing came back. */
export function postPhoto(url, photo, onProgress = () => {}, hold = () => {}) {
  return proved((proof) => postOnce(url, photo, proof, { onProgress, hold }));
}

function postOnce(url, { blob, name, key }, proof, { onProgress, hold }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    hold(request);
    request.open("POST", url);
    request.timeout = SILENCE_MS;
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onloadend = () => {
      const wait = Number(request.getResponseHeader("Retry-After")) * 1000 || 0;
      resolve({ status: request.status, answer: answerOf(request), wait });
    };
    const body = new FormData();
    body.append("photo", blob, name);
    if (proof) body.append("altcha", proof);
    request.send(body);
  });
}

/** What was sent and is no longer wanted is forgotten by the server at once; without network in a week. */
export function discardPhoto(id) {
  const body = new FormData();
  body.append("id", id);
  fetch("/report/photos/discard", { method: "POST", body, keepalive: true }).catch(() => {});
}

/**
 * Sends `photo`, {blob, name, key}; the key makes sure that it is stored once however often it is
 * sent. `told.progress(share)` and `told.stalled(status)` are called on the way. Returns {promise, wake,
 * abort}: the promise gives the photo's id, rejects with {status, words} when it is refused for good,
 * and stays open after abort.
 */
export function sendPhoto(url, photo, told) {
  let request = null;
  let isOver = false;
  let wake = () => {};

  const rest = (ms) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const deaf = onWake(() => wake());
    wake = () => {
      clearTimeout(timer);
      deaf();
      resolve();
    };
  });

  async function untilDone(resolve, reject) {
    for (let tries = 0; !isOver; tries += 1) {
      const { status, answer, wait } = await postPhoto(url, photo, told.progress, (made) => {
        request = made;
      });
      if (isOver) return;
      if (status === 201 && answer.id) return resolve(answer.id);
      if (!isPassing(status, answer)) return reject({ status, words: answer.detail || "" });
      told.stalled(status);
      await rest(Math.max(waitMs(tries), wait));
      if (!isOver) told.progress(0);
    }
  }

  return {
    promise: new Promise((resolve, reject) => untilDone(resolve, reject).catch(reject)),
    wake: () => wake(),
    abort() {
      isOver = true;
      wake();
      request.abort();
    },
  };
}
