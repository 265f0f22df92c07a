// 我的举报: what was filed from this phone, kept here and nowhere else: number, category, day and the
// state last seen; the query code only when its owner wants it (docs/adr/0013).
const REPORTS = "reports";
const WISHES = "reports-kept";
const GONE = "report-gone:";
const MOST = 50;

function read(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(name)) || fallback;
  } catch {
    return fallback;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // a private window, or the phone is full: then nothing is kept
  }
}

/** Whether this phone can keep anything. */
export const canRemember = () => write(WISHES, read(WISHES, {}));

/** Whether the owner of this phone wants its reports noted: yes, until told otherwise. */
export const isWanted = () => !read(WISHES, {}).off;
export const want = (isOn) => write(WISHES, { off: !isOn });

/** Every report kept, the latest first. */
export function keptReports() {
  const kept = read(REPORTS, []);
  return Array.isArray(kept) ? kept.filter((report) => report && report.number) : [];
}

/** Keeps a report, or what is new about one: {number, category, at, state, code}. */
export function keepReport(report) {
  const kept = keptReports();
  const before = kept.find((one) => one.number === report.number) || {};
  const others = kept.filter((one) => one.number !== report.number);
  return write(REPORTS, [{ ...before, ...report }, ...others].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, MOST));
}

/** Tells a report that is kept what its page said; one that is not kept stays unkept. */
export function changeKept(report) {
  return keptReports().some((one) => one.number === report.number) && keepReport(report);
}

/** Erases some; a receipt that is opened again in this tab does not bring them back. */
export function forgetReports(numbers) {
  const gone = new Set(numbers);
  for (const number of gone) sessionStorage.setItem(`${GONE}${number}`, "1");
  return write(REPORTS, keptReports().filter((one) => !gone.has(one.number)));
}

export const wasForgotten = (number) => Boolean(sessionStorage.getItem(`${GONE}${number}`));
