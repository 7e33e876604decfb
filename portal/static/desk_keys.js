// Keys at the work desk, all with Alt to avoid conflicts with typing, input methods and screen readers.
// Alt+J, Alt+K: next and previous request of the queue; Enter opens it. Alt+L: the search field.
// Alt+U: back to the queue. Alt+M: the message field. Alt+H: the list of keys.
// Alt+A, Alt+S: accept, start work; the buttons' labels do not mention the keys, for screen readers.
const rows = () => [...document.querySelectorAll(".queue-row a")];
const step = (by) => {
  const all = rows();
  if (!all.length) return false;
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "center" });
  return true;
};
const focusOn = (selector) => {
  const found = document.querySelector(selector);
  if (found) found.focus();
  return Boolean(found);
};
const press = (selector) => {
  const found = document.querySelector(selector);
  if (found) found.click();
  return Boolean(found);
};
const stepButton = (name) => `[class*="st-key-desk_Q"][class*="_${name}"] button`;
const keys = {
  KeyA: () => press(stepButton("accept")),
  KeyS: () => press(stepButton("start")),
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyL: () => focusOn(".st-key-desk_text input"),
  KeyM: () => focusOn('[class*="st-key-desk_Q"][class*="_message"] textarea'),
  KeyU: () => press(".back a"),
  KeyH: () => {
    const help = document.querySelector("details.keys");
    if (help) {
      help.open = !help.open;
      help.querySelector("summary").focus();
    }
    return Boolean(help);
  },
};
document.addEventListener("keydown", (event) => {
  if (location.pathname !== "/desk" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const act = keys[event.code];
  if (act && act()) event.preventDefault();
});
// A link that opens or closes a request presses the button that does so without loading the page anew, so that the list
// stays where it was. Into another tab, or without scripts, the link works by itself.
document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[data-presses]");
  const button = link && document.querySelector(`.st-key-${CSS.escape(link.dataset.presses)} button`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
