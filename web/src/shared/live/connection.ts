// The live connection: follows the change logs of mini programs by sequence number, comes back by itself, and says
// exactly what was missed. Knows nothing about what a change means.

export interface Change {
  appid: string;
  seq: number;
  topic: string;
  data: Record<string, unknown>;
}

export interface Typing {
  conversation_id: string;
  account_id?: string;
  display_name?: string;
}

// How many there are in each list of what is not told change by change.
export interface Counts {
  appid: string;
  seq: number;
  counts: Record<string, number>;
}

export interface LiveStatus {
  state: 'connecting' | 'live' | 'lost';
  since: number;
  // After a return: how many changes were caught up, or 'snapshot' when the log no longer had them.
  caughtUp?: number | 'snapshot';
}

export interface LiveHandlers {
  change(change: Change): void;
  // What was read before is too old to be followed: read it again.
  snapshot(appid: string): void;
  status(status: LiveStatus): void;
  typing(typing: Typing): void;
  presence(presence: Record<string, unknown>): void;
  counts(counts: Counts): void;
  // What was read of these may be older than what is told of them from now on.
  missed(appid: string, ids: string[]): void;
}

// What the connection needs of the browser; tests bring their own.
export interface LiveEnvironment {
  open(): WebSocket;
  now(): number;
}

const silenceMsMax = 45_000; // the server pings every 20 s
const backoffMs = [300, 1000, 2000, 4000, 8000, 10_000];

const connecting = 0; // WebSocket.CONNECTING
// One that is not open yet closes when it is: browsers write a warning down otherwise.
function leave(socket: WebSocket | null) {
  if (socket?.readyState === connecting) socket.onopen = () => socket.close();
  else socket?.close();
}

export class LiveConnection {
  private socket: WebSocket | null = null;
  private readonly positions = new Map<string, number | null>();
  private readonly watched = new Map<string, string[]>(); // conversations that are open
  private status: LiveStatus;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private caughtUp: number | 'snapshot' | undefined; // undefined: the connection was never lost

  constructor(
    private readonly environment: LiveEnvironment,
    private readonly handlers: LiveHandlers,
  ) {
    this.status = { state: 'connecting', since: environment.now() };
  }

  follow(appids: string[]) {
    const news = appids.filter((appid) => !this.positions.has(appid));
    for (const appid of news) this.positions.set(appid, null);
    if (!this.socket) this.connect();
    else if (news.length > 0 && this.socket.readyState === WebSocket.OPEN) this.hello(news);
  }

  // Tries at once: the browser says that the network is back, or the page is looked at again.
  nudge() {
    if (this.status.state === 'lost') this.connect();
  }

  sendTyping(conversationId: string) {
    this.send({ type: 'typing', conversation_id: conversationId });
  }

  // Of these each change is told, whoever's they are; of no others any more.
  watch(appid: string, ids: string[]) {
    if (ids.length > 0) this.watched.set(appid, ids);
    else this.watched.delete(appid);
    // Not followed yet, or no socket: the hello says it. After the hello and before its answer there is no number.
    if (this.positions.has(appid)) this.send({ type: 'watch', appid, ids, since: this.positions.get(appid) ?? undefined });
  }

  close() {
    this.closed = true;
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
    leave(this.socket);
    this.socket = null;
  }

  private connect() {
    if (this.closed) return;
    clearTimeout(this.retry);
    const old = this.socket;
    const socket = this.environment.open();
    this.socket = socket;
    leave(old);
    socket.onopen = () => {
      if (this.socket === socket) this.hello([...this.positions.keys()]);
    };
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(String(event.data));
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
    this.expect();
  }

  private hello(appids: string[]) {
    const watch = Object.fromEntries([...this.watched].filter(([appid]) => appids.includes(appid)));
    this.send({ type: 'hello', appids: Object.fromEntries(appids.map((appid) => [appid, this.positions.get(appid) ?? null])), ...(Object.keys(watch).length > 0 && { watch }) });
    if (appids.length === 0) this.setStatus({ state: 'live', since: this.environment.now() });
  }

  private receive(text: string) {
    this.expect();
    const message = JSON.parse(text) as Record<string, unknown> & { type: string };
    switch (message.type) {
      case 'ready':
        this.ready(String(message.appid), Number(message.seq), message.resumed === true, Number(message.missed ?? 0));
        break;
      case 'change': {
        const change = message as unknown as Change;
        const last = this.positions.get(change.appid);
        if (last != null && change.seq <= last) return;
        this.positions.set(change.appid, change.seq);
        this.handlers.change(change);
        break;
      }
      case 'counts': {
        const counts = message as unknown as Counts;
        const last = this.positions.get(counts.appid);
        if (last == null || counts.seq > last) this.positions.set(counts.appid, counts.seq);
        this.handlers.counts(counts);
        break;
      }
      case 'watching':
        if ((message.missed as string[]).length > 0) this.handlers.missed(String(message.appid), message.missed as string[]);
        break;
      case 'ping':
        this.send({ type: 'pong' });
        break;
      case 'typing':
        this.handlers.typing(message as unknown as Typing);
        break;
      case 'presence':
        this.handlers.presence(message);
        break;
    }
  }

  private ready(appid: string, seq: number, resumed: boolean, missed: number) {
    this.failures = 0;
    const firstTime = this.positions.get(appid) == null;
    // A resumed log goes on from where we are: its missed changes follow as ordinary ones.
    if (!resumed) {
      this.positions.set(appid, seq);
      this.handlers.snapshot(appid);
    }
    if (this.caughtUp !== undefined && !firstTime) {
      this.caughtUp = !resumed || this.caughtUp === 'snapshot' ? 'snapshot' : this.caughtUp + missed;
    }
    this.setStatus({ state: 'live', since: this.environment.now(), caughtUp: this.caughtUp });
  }

  private lost() {
    this.socket = null;
    clearTimeout(this.watchdog);
    if (this.closed) return;
    this.caughtUp = 0;
    if (this.status.state !== 'lost') this.setStatus({ state: 'lost', since: this.environment.now() });
    const wait = backoffMs[Math.min(this.failures, backoffMs.length - 1)] ?? 10_000;
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), wait);
  }

  // A connection that is silent for too long is dead, whatever the browser thinks of it.
  private expect() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      const socket = this.socket;
      this.lost();
      leave(socket);
    }, silenceMsMax);
  }

  private send(message: object) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private setStatus(status: LiveStatus) {
    this.status = status;
    this.handlers.status(status);
  }
}
