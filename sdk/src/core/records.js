// The one way by which a record comes into being: switches, sampling, the host's mask, size, then the queue.
import { guard } from './guard.js';
import { byteLength, cut } from './text.js';
import { keeps } from './sampling.js';
import { levels } from './settings.js';

const textMax = 16384;
const recordBytesMax = 250 * 1024; // the server's limit is 256 KiB

export function createRecords({ settings, context, queue, drops, place, isDenied, onQueued }) {
  // 0: not kept; else the share that is.
  function sampled(kind, fields) {
    const rate = settings.rate(kind);
    if (fields.weight || rate === 1) return rate && 1;
    // Performance by session: a page view is then whole or absent, and the counts of both kinds of session agree.
    const chosen = kind === 'performance' ? keeps(context.get().session, rate) : Math.random() < rate;
    return chosen ? rate : 0;
  }

  function masked(record) {
    if (!settings.beforeSend) return record;
    try {
      const kept = settings.beforeSend(record);
      return kept && typeof kept === 'object' && kept.kind ? kept : null;
    } catch (error) {
      // A mask that fails has masked nothing.
      return null;
    }
  }

  const lost = (reason, kind) => {
    drops.add(reason, kind);
    return null;
  };

  // Gives the queue's entry, or null when the record was not kept.
  function record(kind, fields) {
    if (isDenied()) return lost('no_consent', kind);
    if (!settings.enabled()) return lost('disabled', kind);
    if (kind === 'log' && levels.indexOf(fields.level) < settings.lowestLevel()) return null;
    const rate = sampled(kind, fields);
    if (!rate) return lost('sampled', kind);

    const made = Object.assign({ kind, t: Date.now() }, place(), fields);
    if (rate < 1) made.weight = 1 / rate;
    if (made.text) made.text = cut(made.text, textMax);
    const kept = masked(made);
    if (!kept) return lost('before_send', kind);

    const json = JSON.stringify(kept);
    if (byteLength(json) > recordBytesMax) return lost('too_large', kind);
    // Only errors are changed later, when they repeat.
    const entry = { kind, context: context.id(), json, record: kind === 'error' ? kept : null };
    queue.push(entry);
    onQueued(kind);
    return entry;
  }

  return {
    record: guard(record),
    // Counts one more of a record that still waits. False when it has left already.
    repeat(entry) {
      const props = entry.record.props || (entry.record.props = {});
      props.repeats = (props.repeats || 1) + 1;
      return queue.rewrite(entry, JSON.stringify(entry.record));
    },
  };
}
