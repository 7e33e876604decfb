// The errors of a form, written by portal/form_problems.py: a summary above its fields, whose links lead to them, and a
// text below each wrong field. The focus goes to the summary when the form was sent; each wrong field says that it is
// wrong and why.
"use strict";
(() => {
  const FIELD = "input:not([type=hidden]):not([tabindex='-1']), textarea, [role=spinbutton], [role=combobox], input";
  const DRAWN = "[data-testid=stElementContainer], [data-testid=stLayoutWrapper]";
  let focused = "";

  // The field that a text was placed below: the nearest one before it, in the same column.
  function fieldOf(problem) {
    for (let box = problem.closest(DRAWN)?.previousElementSibling; box; box = box.previousElementSibling) {
      const chosen = box.querySelector("[type=radio]:checked");
      const field = chosen || box.querySelector(FIELD);
      if (field) return field;
    }
    return null;
  }

  const wrong = new Map(); // the text → its field
  function mark(problem) {
    const field = fieldOf(problem);
    if (!field || (wrong.get(problem) === field && field.getAttribute("aria-describedby")?.includes(problem.id))) return;
    wrong.set(problem, field);
    field.setAttribute("aria-invalid", "true");
    const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && !id.startsWith("problem-"));
    field.setAttribute("aria-describedby", [problem.id, ...others].join(" "));
  }
  function unmark(problem, field) {
    wrong.delete(problem);
    const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== problem.id);
    if (others.length) field.setAttribute("aria-describedby", others.join(" "));
    else field.removeAttribute("aria-describedby");
    if (!others.some((id) => id.startsWith("problem-"))) field.removeAttribute("aria-invalid");
  }

  function look() {
    for (const [problem, field] of wrong) if (!problem.isConnected || !field.isConnected) unmark(problem, field);
    document.querySelectorAll(".field-problem[id]").forEach(mark);
    const summary = [...document.querySelectorAll(".form-errors[data-sent]")].at(-1);
    if (!summary || summary.dataset.sent === focused) return;
    focused = summary.dataset.sent;
    summary.focus();
    summary.scrollIntoView({ block: "nearest" });
  }

  let asked = false;
  new MutationObserver(() => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; look(); });
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".form-errors a[href^='#problem-']");
    const problem = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const field = problem && fieldOf(problem);
    if (!field) return;
    event.preventDefault();
    event.stopPropagation();
    field.focus();
    (field.closest(DRAWN) || field).scrollIntoView({ block: "center" });
  }, true);
})();
