// Batches on their way to the server: one at a time, numbered, and sent again word by word until the server has it.
import { guard, internalError } from './core/guard.js';
import { headerOf } from './core/host.js';

const batchRecordsMax = 200;
const batchBytesMax = 256 * 1024;
const retryFirstMs = 2000;
const retryMaxMs = 5 * 60 * 1000;
const waitMaxMs = 60 * 60 * 1000; // however long the server asks us to wait
const timeoutMs = 15000;
const retryAfterDefault = 30;

export const sdk = { name: 'miniops-sdk', version: '0.1.0' };

// `post` is wx.request as it was before we wrapped it: our own requests are not recorded.
export function createTransport({ url, settings, store, queue, context, drops, post, isOnline, isGranted }) {
  let sentAt = 0; // of the request under way, 0: none
  let attempt = 0; // answers to requests that we gave up on are not listened to
  let failures = 0;
  let notBefore = 0;
  let refused = false; // the key is wrong or gone: until the next launch nothing is sent
  let emptying = false; // go on until the queue is empty
  let asking = false; // send a batch even without records, for the answer's sake
  let timer = null;
  let timerAt = 0;

  function form() {
    if (store.pending) return true;
    const entries = queue.take(batchRecordsMax, batchBytesMax);
    if (entries.length === 0 && !asking) return false;
    asking = false;
    const counts = {};
    for (const { kind } of entries) counts[kind] = (counts[kind] || 0) + 1;
    const dropped = drops.take();
    const write = () => {
      const { install } = store;
      const number = store.next++;
      const shared = Object.assign({}, entries.length ? context.find(entries[0].context) : context.get());
      shared.user = Object.assign({ device_id: install }, shared.user);
      const head = JSON.stringify({ v: 1, install, batch: number, sdk, dropped, context: shared });
      const records = entries.map((entry) => entry.json).join(',');
      // sent_at is the only part that a repetition changes: the server tells the clock's offset by it.
      store.pending = { number, counts, dropped, rest: `${head.slice(0, -1)},"records":[${records}]}` };
      return store.saveNow();
    };
    if (!write() && !store.volatile) {
      store.beginAnew();
      write();
    }
    context.sweep(queue.all());
    return true;
  }

  function giveUp() {
    const { counts, dropped } = store.pending;
    drops.restore(dropped);
    for (const kind of Object.keys(counts)) drops.add('rejected', kind, counts[kind]);
    store.pending = null;
    store.saveNow();
  }

  function wait(ms) {
    notBefore = Date.now() + ms;
    schedule(ms);
  }

  function retryLater() {
    const base = Math.min(retryMaxMs, retryFirstMs * Math.pow(2, failures++));
    wait(Math.min(retryMaxMs, base * (1 + Math.random() / 2)));
  }

  function retryAfter(response) {
    const seconds = Number(headerOf(response, 'retry-after'));
    return Math.min(waitMaxMs, (seconds > 0 ? seconds : retryAfterDefault) * 1000);
  }

  function configOf(response) {
    const data = typeof response.data === 'string' ? JSON.parse(response.data || '{}') : response.data;
    return data && data.config;
  }

  function answered(response) {
    const status = response.statusCode;
    if (status === 200) {
      failures = 0;
      store.pending = null;
      guard(() => settings.obey(configOf(response), isGranted()))();
      if (!settings.enabled()) for (const { kind } of queue.clear()) drops.add('disabled', kind);
      store.saveNow();
    } else if (status === 400 || status === 413) {
      giveUp();
    } else if (status === 401) {
      refused = true;
      return;
    } else if (status === 429 || status === 503) {
      failures = 0;
      wait(retryAfter(response));
      return;
    } else {
      retryLater();
      return;
    }
    proceed();
  }

  function send() {
    const now = Date.now();
    if (!isGranted() || refused) return;
    // WeChat may freeze us under a request and never call back.
    if (sentAt && now - sentAt < 4 * timeoutMs) return;
    if (now < notBefore) return schedule(notBefore - now);
    if (!isOnline()) return;
    if (!form()) {
      emptying = false;
      return;
    }
    const mine = ++attempt;
    sentAt = now;
    const once = (handle) =>
      guard((result) => {
        if (mine !== attempt || !sentAt) return;
        sentAt = 0;
        if (store.pending) handle(result);
      });
    const failed = once(retryLater);
    try {
      post({
        url,
        method: 'POST',
        header: { 'content-type': 'application/json' },
        data: `{"sent_at":${now},${store.pending.rest.slice(1)}`,
        timeout: timeoutMs,
        success: once(answered),
        fail: failed,
      });
    } catch (error) {
      internalError(error);
      failed();
    }
  }

  function proceed() {
    if (queue.size() >= settings.flushRecords || (emptying && queue.size() > 0)) send();
    else if (queue.size() > 0) schedule(settings.flushEvery());
    else emptying = false;
  }

  // At the earlier of what was planned and now + ms.
  function schedule(ms) {
    const at = Date.now() + ms;
    if (timer && timerAt <= at) return;
    if (timer) clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(
      guard(() => {
        timer = null;
        send();
      }),
      ms,
    );
  }

  return {
    queued() {
      if (!isGranted()) return;
      store.saveSoon();
      if (queue.size() >= settings.flushRecords) send();
      else schedule(settings.flushEvery());
    },
    // Everything that waits, at once.
    flush() {
      emptying = true;
      send();
    },
    // The network is back: what failed for want of it need not wait. What the server asked for still holds.
    networkBack() {
      if (failures > 0) notBefore = 0;
      this.flush();
    },
    // After a launch: what an earlier one left, and, while we are switched off, the question whether we still are.
    begin() {
      asking = !settings.enabled();
      if (store.pending || queue.size() > 0 || asking) send();
    },
    stop() {
      if (timer) clearTimeout(timer);
      timer = null;
      attempt++;
      sentAt = 0;
    },
  };
}
