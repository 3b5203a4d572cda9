// What a receiver checks a signature with. Both are run by tests; docs/webhooks.md says what is signed.
export const languages = ['js', 'python'] as const;
export type CodeLanguage = (typeof languages)[number];

const js = `import { createHmac, timingSafeEqual } from 'node:crypto';

// header: MiniOps-Signature; body: the bytes as they came
export function isGenuine(header, body, secret, now = Date.now()) {
  const parts = String(header).split(',').map((part) => part.split('='));
  const t = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\\d{1,12}$/.test(t) || Math.abs(now / 1000 - Number(t)) > 300) return false;
  const mine = createHmac('sha256', secret).update(\`\${t}.\`).update(body).digest();
  return parts.some(([name, value = '']) => {
    const theirs = Buffer.from(name === 'v1' ? value : '', 'hex');
    return theirs.length === mine.length && timingSafeEqual(theirs, mine);
  });
}`;

const python = `import hashlib, hmac, re, time

# header: MiniOps-Signature; body: the bytes as they came
def is_genuine(header, body, secret, now=None):
    parts = [part.partition('=') for part in (header or '').split(',')]
    t = next((value for name, _, value in parts if name == 't'), '')
    now = time.time() if now is None else now
    if not re.fullmatch('[0-9]{1,12}', t) or abs(now - int(t)) > 300:
        return False
    mine = hmac.new(secret.encode(), t.encode() + b'.' + body, hashlib.sha256).hexdigest()
    return any(name == 'v1' and hmac.compare_digest(value.encode(), mine.encode())
               for name, _, value in parts)`;

export const samples: Record<CodeLanguage, string> = { js, python };
