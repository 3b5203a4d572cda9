// A browser's live connection: follows the change log by number and notices gaps.
import WebSocket from 'ws';
import { until } from './process.mjs';

export class Live {
  // `appids`: {appid: last number or null}. A test follows each change that it may see; `full: false` is what the console
  // says, with the conversations that it has open: {appid: [id]}.
  static async connect(base, api, appids, { full = true, watch } = {}) {
    const live = new Live();
    live.changes = [];
    live.others = [];
    live.seq = new Map();
    live.ready = new Map();
    live.gaps = 0;
    live.socket = new WebSocket(`${base.replace(/^http/, 'ws')}/api/v1/live`, { headers: { ...api.headers, origin: base } });
    live.socket.on('message', (data) => live.take(JSON.parse(data)));
    live.socket.on('error', (error) => (live.error = error));
    live.socket.on('close', (code) => (live.closed = code));
    live.socket.on('open', () => live.socket.send(JSON.stringify({ type: 'hello', appids, full, ...(watch && { watch }) })));
    await until(() => {
      if (live.error) throw live.error;
      return Object.keys(appids).every((appid) => live.ready.has(appid));
    }, 'the live connection to be ready');
    return live;
  }

  take(message) {
    if (message.type === 'ping') this.socket.send('{"type":"pong"}');
    else if (message.type === 'ready') {
      this.ready.set(message.appid, message);
      if (!message.resumed || !this.seq.has(message.appid)) this.seq.set(message.appid, message.resumed ? message.seq - message.missed : message.seq);
    } else if (message.type === 'change') {
      const before = this.seq.get(message.appid);
      // A recipient sees only what its permissions allow, so numbers may jump, but never go back or repeat.
      if (before !== undefined && message.seq <= before) this.gaps++;
      this.seq.set(message.appid, message.seq);
      this.changes.push(message);
    } else this.others.push(message);
  }

  wait(condition, what, timeoutMs) {
    return until(() => this.changes.find(condition), what, timeoutMs);
  }

  // What is told of conversations that do not concern it; the newest last.
  get counts() {
    return this.others.filter((one) => one.type === 'counts');
  }

  say(message) {
    this.socket.send(JSON.stringify(message));
  }

  close() {
    this.socket.close();
  }
}
