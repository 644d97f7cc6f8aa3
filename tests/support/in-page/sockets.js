// Runs in the page before the page's own scripts, where the driver can't see WebSockets. It tells of each message.
(() => {
  const tell = (sent, data) => {
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
    void globalThis.handsetTestMessage({ at: Date.now(), sent, text });
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      void globalThis.handsetTestSocket(this.url);
      this.addEventListener('message', ({ data }) => tell(false, data));
    }

    send(data) {
      tell(true, data);
      super.send(data);
    }
  };
})();
