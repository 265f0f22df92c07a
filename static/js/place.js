// Where it is: the phone's own position, or a pin on the sketch map. Both fill the same inputs;
// the address and the list of villages work without either. The phone's position needs a consent
// of its own: asking for it by the button gives it, the tick shows it, and clearing takes both back.
const FAR_M = 500;

export function pickPlace() {
  const root = document.querySelector("[data-place]");
  if (!root) return;
  const input = (name) => root.querySelector(`[name=${name}]`);
  const said = root.querySelector("[data-said]");
  const holder = root.querySelector("[data-map]");
  const locate = root.querySelector("[data-locate]");
  const open = root.querySelector("[data-open-map]");
  const clear = root.querySelector("[data-clear]");
  const consent = document.querySelector("[data-gps-consent]");
  let map = null;

  function tell(words, tone = "") {
    said.hidden = !words;
    said.className = `note sp-s ${tone}`;
    said.lastElementChild.textContent = words;
  }

  function put(lat, lng, source, accuracy = "") {
    input("lat").value = lat.toFixed(6);
    input("lng").value = lng.toFixed(6);
    input("location_source").value = source;
    input("accuracy_m").value = accuracy;
    offer();
  }

  function offer() {
    clear.hidden = !input("lat").value;
    if (consent) consent.hidden = !/^(gps|exif)$/.test(input("location_source").value);
  }

  function agree(given) {
    const tick = consent && consent.querySelector("input[type=checkbox]");
    if (!tick) return;
    tick.checked = given;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function forget() {
    for (const name of ["lat", "lng", "location_source", "accuracy_m"]) input(name).value = "";
    if (map) map.clear();
    tell("");
    offer();
    agree(false);
  }

  async function openMap() {
    if (map) return map;
    open.setAttribute("aria-busy", "true");
    try {
      const { PinMap } = await import("./pinmap.js");
      holder.hidden = false;
      map = await PinMap.open(holder, root.dataset, (lat, lng) => {
        put(lat, lng, "pin");
        tell(root.dataset.pinned);
      });
      open.hidden = true;
    } catch (fault) {
      console.warn(fault);
      holder.hidden = true;
      tell(root.dataset.noMap, "amber");
    } finally {
      open.removeAttribute("aria-busy");
    }
    return map;
  }

  async function found(position) {
    const { latitude, longitude, accuracy } = position.coords;
    const metres = Math.round(accuracy);
    put(latitude, longitude, "gps", metres);
    agree(true);
    const words = metres > FAR_M ? root.dataset.rough : root.dataset.found;
    tell(words.replace("%n", metres), metres > FAR_M ? "amber" : "");
    locate.removeAttribute("aria-busy");
    const shown = await openMap();
    if (shown) shown.show(latitude, longitude, metres);
  }

  function lost(fault) {
    locate.removeAttribute("aria-busy");
    tell(fault.code === fault.PERMISSION_DENIED ? root.dataset.denied : root.dataset.lost, "amber");
  }

  clear.addEventListener("click", forget);
  // A refused form comes back with its position; unless that was refused, it counts.
  if (input("lat").value && !document.querySelector("#address[aria-invalid]")) tell(root.dataset.pinned);
  offer();
  open.hidden = false;
  open.addEventListener("click", async () => {
    const shown = await openMap();
    if (shown && input("lat").value) {
      shown.show(Number(input("lat").value), Number(input("lng").value), 0);
    }
  });
  if (!navigator.geolocation) return;
  locate.hidden = false;
  locate.addEventListener("click", () => {
    locate.setAttribute("aria-busy", "true");
    const wishes = { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 };
    navigator.geolocation.getCurrentPosition(found, lost, wishes);
  });
}
