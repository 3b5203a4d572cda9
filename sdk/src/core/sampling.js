// Whether something is kept, decided from an id, so that all which belongs to the id is kept or left together, and
// asking again gives the same answer.

// Where the id lies in [0, 1): FNV-1a, then mixed, as ids often differ in their last letters only.
export function position(id) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

export function keeps(id, rate) {
  return position(id) < rate;
}
