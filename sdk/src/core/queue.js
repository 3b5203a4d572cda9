// Records that wait to be sent: bounded in number and bytes. When it is full, the oldest of the kind that we miss least
// goes.
import { byteLength } from './text.js';

const leastMissedFirst = ['log', 'performance', 'event', 'profile', 'session', 'error', 'feedback'];

// An entry is {kind, context, json, bytes}. `onDrop(reason, kind)` hears of each record that had to
// go.
export function createQueue(recordsMax, bytesMax, onDrop) {
  let entries = [];
  let bytes = 0;

  function dropOne() {
    const kind = leastMissedFirst.find((candidate) => entries.some((entry) => entry.kind === candidate));
    const at = Math.max(
      0,
      entries.findIndex((entry) => entry.kind === kind),
    );
    const gone = entries.splice(at, 1)[0];
    bytes -= gone.bytes;
    onDrop('queue_overflow', gone.kind);
  }

  function bound() {
    while (entries.length > recordsMax || (bytes > bytesMax && entries.length > 0)) dropOne();
  }

  function measure(entry) {
    entry.bytes = byteLength(entry.json);
    return entry;
  }

  return {
    push(entry) {
      entries.push(measure(entry));
      bytes += entry.bytes;
      bound();
    },
    // Changes the text of an entry that still waits. False when it has left.
    rewrite(entry, json) {
      if (!entries.includes(entry)) return false;
      bytes -= entry.bytes;
      entry.json = json;
      bytes += measure(entry).bytes;
      bound();
      return true;
    },
    // Puts entries of an earlier launch before those of this one.
    prepend(older) {
      entries = older.map(measure).concat(entries);
      bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
      bound();
    },
    // The oldest records that share one context, as many as one batch takes; they leave the queue.
    take(takeRecords, takeBytes) {
      let count = 0;
      let size = 0;
      for (const entry of entries) {
        if (count === takeRecords || entry.context !== entries[0].context) break;
        if (count > 0 && size + entry.bytes > takeBytes) break;
        size += entry.bytes;
        count++;
      }
      bytes -= size;
      return entries.splice(0, count);
    },
    clear() {
      const gone = entries;
      entries = [];
      bytes = 0;
      return gone;
    },
    all: () => entries,
    size: () => entries.length,
    bytes: () => bytes,
  };
}
