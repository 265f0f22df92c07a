// One place and the inputs that hold it, whoever told it: the phone, the crosshair, a photo, a draft.
// The phone's position needs a consent of its own: asking for it by the button gives it, the tick
// shows it, and clearing takes both back.
import { watchBest } from "./gps.js";
import { FAR_M, Told } from "./told.js";

const PERSONAL = /^(gps|exif)$/;
const FIELDS = ["lat", "lng", "location_source", "accuracy_m"];
let only = null;

class Placing {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.open = root.querySelector("[data-open-map]");
    this.told = new Told(root.querySelector("[data-told]"));
    this.clear = root.querySelector("[data-clear]");
    this.consent = document.querySelector("[data-gps-consent]");
    this.clear.addEventListener("click", () => this.forget());
    // What is being sent must not change under way.
    this.input("lat").form.addEventListener("submit", () => this.watch && this.watch.stop(), true);
  }

  input(name) {
    return this.root.querySelector(`[name=${name}]`);
  }

  /** Where it is now: {lat, lng, accuracy}; null when that is open. */
  get known() {
    const [lat, lng, , accuracy] = FIELDS.map((name) => this.input(name).value);
    return lat && lng ? { lat: Number(lat), lng: Number(lng), accuracy: Number(accuracy) } : null;
  }

  put({ lat, lng, source, accuracy = "" }) {
    this.input("lat").value = lat.toFixed(6);
    this.input("lng").value = lng.toFixed(6);
    this.input("location_source").value = source;
    this.input("accuracy_m").value = accuracy && Math.round(accuracy);
    this.told.forgetWhose();
    this.offer();
  }

  offer() {
    this.clear.hidden = !this.known;
    // One button alone takes the whole width.
    const row = this.clear.parentNode;
    row.classList.toggle("c2", [...row.children].filter((button) => !button.hidden).length > 1);
    if (this.consent) this.consent.hidden = !PERSONAL.test(this.input("location_source").value);
    this.root.dispatchEvent(new Event("change", { bubbles: true })); // drafts and the near by listen
  }

  agree(given) {
    const tick = this.consent && this.consent.querySelector("input[type=checkbox]");
    if (!tick || tick.checked === given) return;
    tick.checked = given;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  }

  stop() {
    if (this.watch) this.watch.stop();
    this.watch = null;
  }

  /** A place told by somebody else, in WGS-84. */
  async set({ lat, lng, source, accuracy }) {
    this.stop();
    this.put({ lat, lng, source, accuracy });
    if (PERSONAL.test(source)) this.agree(true);
    this.told.say(this.words.pinned);
    if (this.map) this.map.show(this.known);
    await this.askWhose();
  }

  askWhose() {
    const asked = this.known;
    const isStill = () => Boolean(this.known) && asked.lat === this.known.lat && asked.lng === this.known.lng;
    return this.told.ask(asked, isStill, (isInside) => this.map && this.map.showWhole(isInside));
  }

  forget() {
    this.stop();
    for (const name of FIELDS) this.input(name).value = "";
    if (this.map) this.map.clear();
    this.told.say("");
    this.agree(false);
    this.offer();
  }

  /** A draft, or a form that was refused, comes back with its place. */
  async goOn() {
    this.offer();
    if (document.querySelector("#address[aria-invalid]")) return;
    this.told.say(this.words.pinned);
    await this.askWhose();
  }

  async openMap() {
    if (!this.opening) this.opening = this.makeMap();
    try {
      await this.opening;
    } catch (fault) {
      this.opening = null;
      throw fault;
    }
    if (this.known) this.map.show(this.known);
  }

  async makeMap() {
    const { CrossMap } = await import("./crossmap.js");
    this.map = await CrossMap.open(this.root.querySelector("[data-map]"), this.words.sheet);
    this.map.onHere = (lat, lng) => this.set({ lat, lng, source: "pin" });
    this.open.hidden = true;
    this.offer();
  }

  async locate() {
    if (this.watch) return;
    this.told.say(this.words.locating);
    if (this.map) this.map.isLed = false;
    const watch = watchBest((coords) => this.follow(coords));
    this.watch = watch;
    this.openMap().catch(console.warn); // without a map the position counts all the same
    const { best, fault } = await watch.ended;
    if (this.watch !== watch) return; // something else has told the place meanwhile
    this.watch = null;
    if (best) await this.found(best);
    else if (this.known) this.told.say(this.words.pinned);
    else this.told.say(this.whyNot(fault), { tone: "amber" });
  }

  follow({ latitude: lat, longitude: lng, accuracy }) {
    this.put({ lat, lng, source: "gps", accuracy });
    this.agree(true);
    this.told.say(this.words.better, { accuracy });
    if (this.map) this.map.show(this.known, true);
  }

  async found({ accuracy }) {
    const isFar = accuracy > FAR_M;
    this.told.say(isFar ? this.words.rough : this.words.found, { tone: isFar ? "amber" : "", accuracy });
    await this.askWhose();
  }

  whyNot(fault) {
    if (!fault || fault.code === fault.TIMEOUT) return this.words.late;
    return fault.code === fault.PERMISSION_DENIED ? this.words.denied : this.words.lost;
  }
}

/** The one place of this page. */
export function placingIn(root) {
  if (!only) only = new Placing(root);
  return only;
}
