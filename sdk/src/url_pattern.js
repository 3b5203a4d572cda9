// A URL without what is of one person or one thing: no query, no ids. `https://shop.example/order/918?k=1` becomes
// `https://shop.example/order/:id`.

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const hex = /^[0-9a-f]{8,}$/i;
const openid = /^o[\w-]{27}$/;
const longNumber = /\d{5,}/;
const token = /^(?=.*\d)(?=.*[a-z])[\w\-.~%+=]{20,}$/i;
const extension = /\.[a-z][a-z0-9]{0,4}$/i;

function isId(segment) {
  return (
    /^\d+$/.test(segment) ||
    uuid.test(segment) ||
    hex.test(segment) ||
    openid.test(segment) ||
    longNumber.test(segment) ||
    token.test(segment) ||
    segment.length > 64 ||
    segment.includes('@') ||
    segment.includes('%40')
  );
}

function segmentPattern(segment) {
  const end = extension.exec(segment);
  const stem = end ? segment.slice(0, end.index) : segment;
  if (isId(stem)) return `:id${end ? end[0] : ''}`;
  return isId(segment) ? ':id' : segment;
}

export function urlPattern(url) {
  const whole = String(url || '');
  if (/^(data|blob):/i.test(whole)) return whole.slice(0, whole.indexOf(':') + 1);
  const bare = whole.split(/[?#]/)[0];
  // A file of the phone: its name is made anew each time.
  if (/^(wxfile|file):|^https?:\/\/(tmp|usr|store)\//i.test(bare))
    return `${bare.split('/').slice(0, 3).join('/')}/:file`;
  const [, scheme, authority, path] = /^([a-z][\w+.-]*:)?(?:\/\/([^/]*))?(.*)$/i.exec(bare);
  const host = (authority || '').split('@').pop().toLowerCase();
  const start = authority === undefined ? scheme || '' : `${(scheme || '').toLowerCase()}//${host}`;
  return start + path.split('/').map(segmentPattern).join('/');
}

// The same for URLs inside a text. The position after a file's name, as stacks have it, stays.
export function withoutQueries(text) {
  return String(text).replace(/(\w+:\/\/[^\s?#'")]+)[?#][^\s'")]*?((?::\d+){0,2})(?=[\s'")]|$)/g, '$1$2');
}

// `pages/index/index`, however the host writes it.
export function pagePath(path) {
  return String(path || '')
    .split('?')[0]
    .replace(/^\/+/, '')
    .replace(/\.html$/, '');
}
