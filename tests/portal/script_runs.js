// Runs in every page before the page's own scripts. Follows what Streamlit's page and server say to each other, so
// that a test can wait until each run of the page that was asked for has ended: `window.scriptRuns.ended()`.
// Both sides send protocol buffers; the field numbers are those of Streamlit's BackMsg and ForwardMsg
// (test_browsing.py compares them).
(() => {
  const RERUN_SCRIPT = 11, NEW_SESSION = 4, SCRIPT_FINISHED = 6, FINISHED_EARLY_FOR_RERUN = 2;
  let asked = false, running = false;

  // Each top-level field: its number, and its value where that is a number.
  function* fields(bytes) {
    let at = 0;
    const varint = () => {
      let value = 0, scale = 1, byte;
      do {
        byte = bytes[at++];
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127);
      return value;
    };
    while (at < bytes.length) {
      const tag = varint(), kind = tag % 8;
      const value = kind === 0 || kind === 2 ? varint() : undefined;
      at += { 1: 8, 2: value, 5: 4 }[kind] ?? 0;
      yield [Math.floor(tag / 8), value];
    }
  }

  const sending = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    if (message instanceof Uint8Array)
      for (const [field] of fields(message)) asked ||= field === RERUN_SCRIPT;
    return sending.call(this, message);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        for (const [field, value] of fields(new Uint8Array(data))) {
          if (field === NEW_SESSION) [asked, running] = [false, true];
          if (field === SCRIPT_FINISHED) running = value === FINISHED_EARLY_FOR_RERUN;
        }
      });
    }
  };
  window.scriptRuns = { ended: () => !asked && !running };
})();
