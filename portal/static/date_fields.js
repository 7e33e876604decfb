// Date fields take a date in every form in which the pages print one, typed or pasted: 2026年1月5日, 5 January 2026,
// 2026/1/5, each with a weekday or time after it. Streamlit's own field takes 2026-01-05 only, part by part.
// As in any other field, Enter sends it.
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
const hidden = 'input[type="date"]';
// Show a day as if it had been typed; Streamlit takes it when the focus leaves the field.
const show = (widget, day) => {
  const field = widget.querySelector(hidden);
  // React hears only of values that are set by the element's own setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, day);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
// Give a day to Streamlit at once, as its own field does with a day that is pasted as 2026-01-05.
const send = (part, day) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", day);
  part.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
};

const typed = new WeakMap(); // date field → what was typed since it got the focus, or since Enter
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
  show(widget, day);
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.('[role="spinbutton"]')) {
    const widget = widgetOf(event.target), day = widget?.querySelector(hidden)?.value;
    if (day) {
      send(event.target, day);
      typed.set(widget, "");
      event.target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })); // closes the calendar
    }
  }
  pressed = event.key.length === 1 && !event.ctrlKey && !event.metaKey ? event.key : "";
  if (pressed) hear(event, pressed);
}, true);
document.addEventListener("beforeinput", (event) => {
  if (event.data && event.data !== pressed) hear(event, event.data); // of an input method
  pressed = "";
}, true);
document.addEventListener("paste", (event) => {
  const widget = widgetOf(event.target), day = widget && readDay(event.clipboardData.getData("text/plain"));
  if (!day || !event.isTrusted) return; // not our own
  event.preventDefault();
  event.stopImmediatePropagation();
  send(event.target, day);
}, true);
