// Date fields take a date in every form in which the pages print one, typed or pasted: 2026年1月5日, 5 January 2026,
// 2026/1/5, each with a weekday or time after it. Streamlit's own field takes 2026-01-05 only, part by part.
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const NUMBERS = /^(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?=\D|$)/;
const NAMED = /^(\d{1,2})\s+([a-z]{3,9})\.?,?\s+(\d{4})(?=\D|$)/i;

const readDay = (text) => {
  const plain = text.normalize("NFKC").trim();
  const numbers = plain.match(NUMBERS), named = plain.match(NAMED);
  const [year, month, day] = numbers
    ? numbers.slice(1).map(Number)
    : named ? [Number(named[3]), MONTHS.indexOf(named[2].slice(0, 3).toLowerCase()) + 1, Number(named[1])] : [];
  const read = new Date(Date.UTC(year, month - 1, day));
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day ? read.toISOString().slice(0, 10) : null;
};
const widgetOf = (node) => node?.closest?.('[data-testid="stDateInput"]') ?? null;
const put = (widget, day) => {
  const field = widget.querySelector('[data-testid="hidden-dateinput-container"] input');
  // React hears only of values that are set by the element's own setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, day);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

const typed = new WeakMap(); // date field → what was typed since it got the focus
let pressed = ""; // the key whose input event may follow
document.addEventListener("focusin", (event) => {
  const widget = widgetOf(event.target);
  if (widget && widgetOf(event.relatedTarget) !== widget) typed.set(widget, "");
});
const hear = (event, signs) => {
  const widget = widgetOf(event.target);
  if (!widget) return;
  const text = (typed.get(widget) ?? "") + signs;
  typed.set(widget, text);
  const day = readDay(text);
  if (!day || /^[\d-]+$/.test(text)) return; // digits and hyphens: the field's own form
  event.preventDefault();
  event.stopImmediatePropagation();
  put(widget, day);
};
document.addEventListener("keydown", (event) => {
  pressed = event.key.length === 1 && !event.ctrlKey && !event.metaKey ? event.key : "";
  if (pressed) hear(event, pressed);
}, true);
document.addEventListener("beforeinput", (event) => {
  if (event.data && event.data !== pressed) hear(event, event.data); // of an input method
  pressed = "";
}, true);
document.addEventListener("paste", (event) => {
  const widget = widgetOf(event.target), day = widget && readDay(event.clipboardData.getData("text/plain"));
  if (!day) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  put(widget, day);
}, true);
