// Buttons that copy or print.
// <button data-copy="the text" data-done="the label afterwards">, <button data-print>.
// The Clipboard API works on secure origins only, hence the older fallback.
const copyText = async (text) => {
  if (window.isSecureContext && navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.style.cssText = "position:fixed;opacity:0";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  await copyText(button.dataset.copy);
  button.textContent = button.dataset.done;
});
