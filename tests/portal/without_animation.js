// Runs in every page before the page's own scripts. Animations that scripts start end at once: while a box opens, what
// it holds moves under the pointer, and a press may hit nothing. Streamlit animates boxes whatever the visitor prefers.
(() => {
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (frames, options) {
    return animate.call(this, frames, typeof options === "object" ? { ...options, duration: 0, delay: 0 } : 0);
  };
})();
