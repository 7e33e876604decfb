// Runs in every page before the page's own scripts. Follows what Streamlit's page and server say to each other, so
// that a test can wait until each run of the page that was asked for has ended: `window.scriptRuns.ended()`. What it
// waits for is told by `window.scriptRuns.told()`, with the number of runs and connections.
// Both sides send protocol buffers; the field numbers are those of Streamlit's BackMsg and ForwardMsg
// (test_browsing.py compares them).
(() => {
  const RERUN_SCRIPT = 11, NEW_SESSION = 4, SCRIPT_FINISHED = 6, FINISHED_EARLY_FOR_RERUN = 2;
  let asked = false, running = false;
  const counted = { asked: 0, begun: 0, ended: 0, opened: 0 };

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
      for (const [field] of fields(message)) {
        if (field !== RERUN_SCRIPT) continue;
        asked = true;
        counted.asked++;
      }
    return sending.call(this, message);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      counted.opened++;
      // What is asked for on a connection that breaks is answered by nobody.
      this.addEventListener("close", () => [asked, running] = [false, false]);
      this.addEventListener("message", ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        for (const [field, value] of fields(new Uint8Array(data))) {
          if (field === NEW_SESSION) [asked, running, counted.begun] = [false, true, counted.begun + 1];
          if (field === SCRIPT_FINISHED) [running, counted.ended] = [value === FINISHED_EARLY_FOR_RERUN, counted.ended + 1];
        }
      });
    }
  };
  window.scriptRuns = {
    ended: () => !asked && !running,
    told: () => `${asked ? "one is asked for" : running ? "one goes on" : "none goes on"}, ${JSON.stringify(counted)}`,
  };
})();
