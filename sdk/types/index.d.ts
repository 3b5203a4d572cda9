// Types of miniops.js. `require` gives the object; with esModuleInterop `import miniops from` does, too.

declare const miniops: miniops.MiniOps;

declare namespace miniops {
  type Kind = 'event' | 'performance' | 'error' | 'log' | 'session' | 'profile' | 'feedback';
  type Level = 'debug' | 'info' | 'warn' | 'error';
  type Props = Record<string, unknown>;

  interface MiniOpsRecord {
    kind: Kind;
    t: number;
    name?: string;
    value?: number;
    weight?: number;
    session?: string;
    page_view?: string;
    trace?: string;
    level?: Level;
    page?: string;
    text?: string;
    props?: Props;
  }

  interface Capture {
    /** Page views, dwell, routes. */
    pages: boolean;
    /** onError, unhandled rejections, unknown pages, lazy loading, memory. */
    errors: boolean;
    /** Failures of wx calls. */
    apis: boolean;
    /** wx.request, uploadFile, downloadFile. */
    requests: boolean;
    /** Audio players that fail. */
    resources: boolean;
    /** wx.getPerformance() and setData. */
    performance: boolean;
    blankScreen: boolean;
    abnormalEnd: boolean;
    /** Names of tapped handlers, as breadcrumbs. */
    taps: boolean;
    /** wx.reportEvent and wx.reportAnalytics. */
    reports: boolean;
  }

  interface Options {
    /** Origin of the MiniOps server; must be in the mini program's request domains. */
    server: string;
    /** Project key, from the console. */
    key: string;
    consent?: 'granted' | 'pending' | 'denied';
    release?: string;
    level?: Level;
    flushMs?: number;
    flushRecords?: number;
    queueRecords?: number;
    queueBytes?: number;
    sessionGapMs?: number;
    blankScreenMs?: number;
    blankScreenSelector?: string;
    slowPageMs?: number;
    pageLoadRate?: number;
    requestErrorStatus?: number;
    queryKeys?: string[];
    /** More names of asynchronous wx calls whose failures are recorded. */
    apis?: string[];
    sample?: Partial<Record<'event' | 'performance' | 'error' | 'log', number>>;
    capture?: Partial<Capture>;
    /** The mask: give the record, changed or not, or null to drop it. */
    beforeSend?: ((record: MiniOpsRecord) => MiniOpsRecord | null) | null;
    /** The pattern of a URL; undefined leaves it to the SDK. */
    urlPattern?: ((url: string) => string | undefined) | null;
    /** Tells on the console what went wrong inside the SDK. */
    debug?: boolean;
  }

  interface User {
    openid?: string;
    unionid?: string;
    loginId?: string;
    /** Becomes a record of kind profile. */
    properties?: Props;
  }

  interface Feedback {
    text: string;
    type?: string | number;
    contact?: string;
    /** Temporary paths, as wx.chooseMedia gives them; at most three are sent. */
    pictures?: string[];
    extra?: Props;
  }

  interface FeedbackResult {
    ok: boolean;
    id: string;
    pictures: number;
  }

  interface Log {
    debug(...values: unknown[]): void;
    info(...values: unknown[]): void;
    log(...values: unknown[]): void;
    warn(...values: unknown[]): void;
    error(...values: unknown[]): void;
    setFilterMsg(text: string): void;
    addFilterMsg(text: string): void;
  }

  interface MiniOps {
    readonly version: string;
    /** True when the SDK runs. */
    init(options: Options): boolean;
    setConsent(granted: boolean): void;
    setUser(user: User): void;
    /** A trace id for the records that follow; '' ends it. */
    setTrace(id: string): void;
    reportEvent(name: string, data?: Props): void;
    reportAnalytics(name: string, data?: Props): void;
    captureError(error: unknown, props?: Props): void;
    addBreadcrumb(text: string, data?: Props): void;
    readonly log: Log;
    getLogManager(): Log;
    /** Never rejects. */
    feedback(feedback: Feedback): Promise<FeedbackResult>;
    /** For `binderror` of image, video …; the node says its `data-src` and, when it is no image, `data-type`. */
    resourceError(event: object): void;
    /** Gives the player back. */
    watchAudio<T>(player: T): T;
    flush(): void;
    /** '' or undefined without consent. */
    installId(): string | undefined;
    sessionId(): string | undefined;
  }
}

export = miniops;
