// Whose grid a place lies in, told by the server. It only tells: whatever goes wrong is silence.

/** {inside, grids, owner, words} of {lat, lng} in WGS-84; null when nobody could say. */
export async function askWhose({ lat, lng }) {
  try {
    // POST, so that a position stands in no address and no log.
    const body = new URLSearchParams({ lat, lng });
    const headers = { Accept: "application/json" };
    const answer = await fetch("/report/place", { method: "POST", body, headers });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
