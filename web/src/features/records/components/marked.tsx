// The words that were sought, marked; `q` is text, not a pattern.
export function marked(text: string, q: string) {
  const words = q.split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return text;
  return text.split(new RegExp(`(${words.join('|')})`, 'gi')).map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part));
}

// The beginning, but so that the first of the words is in it.
export function excerpt(text: string, q: string, length = 120): string {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const at = Math.min(...words.map((word) => text.toLowerCase().indexOf(word)).filter((index) => index >= 0), text.length);
  const chars = [...text];
  if (chars.length <= length) return text;
  const before = at === text.length ? 0 : [...text.slice(0, at)].length;
  const from = Math.max(0, Math.min(before - Math.floor(length / 3), chars.length - length));
  return `${from > 0 ? '…' : ''}${chars.slice(from, from + length).join('')}${from + length < chars.length ? '…' : ''}`;
}
