// Values that the host hands us, made safe to serialise; and their size.

const deepest = 6;
const widest = 100;
const longest = 8192;

const keeps = { boolean: true, number: true };

// A copy that JSON can hold: cycles, functions and deep trees are named instead of followed, long texts are cut.
export function clean(value, depth = 0) {
  if (value === null || keeps[typeof value]) return value;
  if (typeof value === 'string') return cut(value, longest);
  if (typeof value !== 'object') return value === undefined ? undefined : String(value);
  if (typeof value.stack === 'string') return cut(`${value.name}: ${value.message}`, longest);
  if (depth < deepest && typeof value.toJSON === 'function') return clean(value.toJSON(), depth + 1);
  if (depth === deepest) return Array.isArray(value) ? '[array]' : '[object]';
  if (Array.isArray(value)) return value.slice(0, widest).map((item) => clean(item, depth + 1));
  const copy = {};
  for (const key of Object.keys(value).slice(0, widest)) copy[key] = clean(value[key], depth + 1);
  return copy;
}

export function cut(text, length) {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

// What a log line or an error message shows of a value.
export function show(value) {
  if (typeof value === 'string') return value;
  const kept = clean(value);
  return typeof kept === 'object' && kept !== null ? JSON.stringify(kept) : String(kept);
}

// Bytes in UTF-8. Mini programs have no TextEncoder on all versions.
export function byteLength(text) {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) bytes += code > 0x7ff ? 2 : 1;
    // Two halves of one character are four bytes together, not six.
    if (code >= 0xdc00 && code <= 0xdfff) bytes -= 2;
  }
  return bytes;
}

// Not secret, only unlikely to meet its like.
export function newId(length) {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz';
  let id = '';
  while (id.length < length) id += letters[Math.floor(Math.random() * letters.length)];
  return id;
}
