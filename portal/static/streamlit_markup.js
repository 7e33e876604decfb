// Mends what Streamlit's markup lacks for assistive technology (WCAG 2.2 AA), and closes its menu on a phone.
"use strict";
(() => {
  const MENDED = {
    // Its items stand in groups between list and entry, which no list may have; a navigation of links needs none.
    "[data-testid=stSidebarNavItems], [data-testid=stSidebarNavItems] li": { role: "none" },
    // A box that takes dropped files is a group with the field's name, not a mere presentation with one.
    "[data-testid=stFileUploaderDropzone]": { role: "group" },
  };
  const wide = new ResizeObserver((entries) => entries.forEach((entry) => mendWide(entry.target)));

  // A table that is scrolled sideways can be reached and scrolled by keys.
  function mendWide(box) {
    const scrolls = box.scrollWidth > box.clientWidth;
    const caption = box.querySelector("caption")?.textContent;
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", caption]]) {
      if (scrolls && value) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  }

  function mend(node) {
    if (!(node instanceof Element)) return;
    for (const [selector, attributes] of Object.entries(MENDED)) {
      for (const part of [...(node.matches(selector) ? [node] : []), ...node.querySelectorAll(selector)]) {
        for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
      }
    }
    for (const box of [...(node.matches(".table-wrap") ? [node] : []), ...node.querySelectorAll(".table-wrap")]) {
      wide.observe(box);
    }
  }
  // The menu on a phone: closed by choosing an entry, and on arrival at another page by whatever way.
  const PHONE = matchMedia("(max-width: 768px)");
  let arrivedAt = ""; // Streamlit opens the menu on arrival where it was left open
  const closeMenu = () => {
    const menu = document.querySelector("[data-testid=stSidebar]");
    if (!menu) return;
    arrivedAt = location.pathname;
    if (PHONE.matches && menu.dataset.collapsed === "false") {
      document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
    }
  };
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-testid=stSidebarNavLink], [data-testid=stSidebar] [data-testid=stLogoLink]");
    if (chosen) setTimeout(closeMenu); // after the page's own reaction to the click
  });

  new MutationObserver((changes) => {
    changes.forEach((change) => change.addedNodes.forEach(mend));
    if (location.pathname !== arrivedAt) closeMenu();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
