// Says in the page's language that the connection to the server is lost, instead of Streamlit's English dialog, and
// that it is there again. The words are in the document (portal/shell.py).
// What was sent on a connection that broke before anything came back may never have arrived, and Streamlit does not send
// it again: that is told too, however soon the connection was there again.
"use strict";
(() => {
  const PATIENCE = 1500; // milliseconds: a change of the network is often over before anybody notices
  const GLAD = 6000; // how long the good news stands
  const words = () => document.getElementById("connection-words").dataset;
  let connected = false; // once
  let lost = null; // the timer until it is told
  let told = false;
  let unsure = false; // whether the visitor's last step has arrived

  const send = WebSocket.prototype.send;
  const unanswered = new WeakMap(); // an open connection → whether something was sent that nothing followed
  WebSocket.prototype.send = function (message) {
    if (!unanswered.has(this)) {
      this.addEventListener("message", () => unanswered.set(this, false));
      this.addEventListener("close", () => { unsure ||= unanswered.get(this); });
    }
    unanswered.set(this, true);
    if (box.textContent === words().unsure) tell("", ""); // the visitor has gone on
    return send.call(this, message);
  };

  const box = document.createElement("div");
  box.className = "connection";
  box.setAttribute("role", "status");
  box.hidden = true;

  function tell(text, tone) {
    if (!box.isConnected) document.body.append(box);
    box.className = `connection notice ${tone}`;
    box.textContent = text;
    box.hidden = !text;
  }

  function state() {
    const now = document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState;
    if (now === "CONNECTED") {
      clearTimeout(lost);
      lost = null;
      connected = true;
      if (unsure) tell(words().unsure, "warn");
      else if (told) {
        tell(words().back, "good");
        setTimeout(() => { if (lost === null) tell("", ""); }, GLAD);
      }
      [told, unsure] = [false, false];
    } else if (lost === null) {
      lost = setTimeout(() => {
        told = true;
        tell(connected ? words().lost : words().unreached, "warn");
      }, connected ? PATIENCE : 8 * PATIENCE);
    }
  }

  // Streamlit's dialog tells the same in English and covers the page: it is closed before it is seen.
  function closeDialog(node) {
    const dialog = node instanceof Element && (node.closest("[data-testid=stDialog]") || node.querySelector("[data-testid=stDialog]"));
    if (dialog && /^Connection error/.test(dialog.textContent)) dialog.querySelector("button")?.click();
  }

  new MutationObserver((changes) => {
    state();
    changes.forEach((change) => change.addedNodes.forEach(closeDialog));
  }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-test-connection-state"],
  });
})();
