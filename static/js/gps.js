// The phone's own position: the best of what it says within twenty seconds, or sooner when it is good.
const PATIENCE_MS = 20000;
const GOOD_M = 20;
const DENIED = 1;
const WISHES = { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 5000 };

/** Calls `better(coords)` for each better fix. `ended` is a promise of {best, fault}: the best fix
    or null, and why there was none. `stop()` ends it at once. */
export function watchBest(better) {
  let best = null;
  let fault = null;
  let finish = null;
  const ended = new Promise((resolve) => {
    finish = resolve;
  });

  function take({ coords }) {
    if (best && coords.accuracy >= best.accuracy) return;
    best = coords;
    better(best);
    if (best.accuracy <= GOOD_M) finish();
  }

  function fail(why) {
    fault = why; // a phone that has no signal yet may have one in a moment
    if (why.code === DENIED) finish();
  }

  const watch = navigator.geolocation.watchPosition(take, fail, WISHES);
  const timer = setTimeout(finish, PATIENCE_MS);
  return {
    stop: finish,
    ended: ended.then(() => {
      clearTimeout(timer);
      navigator.geolocation.clearWatch(watch);
      return { best, fault };
    }),
  };
}
