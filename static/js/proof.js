// Proves that no flood is under way: solves the portal's puzzle in workers, or waits for as long as
// its ticket asks, whichever comes first. Nobody has to look at anything.
const WORKERS_MOST = 4;

function start(url, work, resolve, reject) {
  const worker = new Worker(url);
  worker.onerror = reject;
  worker.onmessage = ({ data }) => (data && data.derivedKey ? resolve(data) : reject(data));
  worker.postMessage({ type: "work", ...work });
  return worker;
}

/** Starts solving; gives {promise, stop}: the promise is for what the field altcha takes. */
function solve(challenge) {
  const workers = [];
  const promise = new Promise((resolve, reject) => {
    const { solver } = document.querySelector("[data-solver]").dataset;
    const many = Math.min(navigator.hardwareConcurrency || 1, WORKERS_MOST);
    for (let n = 0; n < many; n += 1) {
      workers.push(start(solver, { challenge, counterStart: n, counterStep: many }, resolve, reject));
    }
  });
  return {
    promise: promise.then((solution) => btoa(JSON.stringify({ challenge, solution }))),
    stop: () => workers.forEach((worker) => worker.terminate()),
  };
}

/** What lets the same request in: the solution, or the ticket after `wait` milliseconds. */
export async function prove({ challenge, ticket }, wait) {
  const { promise, stop } = solve(challenge);
  const late = new Promise((resolve) => {
    setTimeout(resolve, wait, ticket);
  });
  const quick = promise.catch((fault) => {
    console.warn("no solution", fault);
    return late;
  });
  try {
    return await Promise.race([quick, late]);
  } finally {
    stop();
  }
}
