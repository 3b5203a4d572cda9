// The console API and the sandbox as a test talks to them.
export class ApiError extends Error {
  constructor(method, path, status, body) {
    super(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
    this.code = body?.code;
  }
}

async function call(base, method, path, { body, headers = {}, raw = false } = {}) {
  const plain = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
  const answer = await fetch(base + path, {
    method,
    headers: { ...(body !== undefined && !plain ? { 'content-type': 'application/json' } : {}), ...headers },
    body: body === undefined ? undefined : plain ? body : JSON.stringify(body),
    redirect: 'manual',
  });
  if (raw) return answer;
  const text = await answer.text();
  let value = text;
  if ((answer.headers.get('content-type') ?? '').includes('json')) value = JSON.parse(text);
  if (!answer.ok) throw new ApiError(method, path, answer.status, value);
  return value;
}

// Signed in by session cookie (login) or with an API key.
export class Api {
  constructor(base, { key } = {}) {
    this.base = base;
    this.headers = key ? { authorization: `Bearer ${key}` } : {};
  }

  static async login(base, username, password) {
    const api = new Api(base);
    const answer = await call(base, 'POST', '/api/v1/session', { body: { username, password }, raw: true });
    const body = await answer.json();
    if (!answer.ok) throw new ApiError('POST', '/api/v1/session', answer.status, body);
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
    api.headers = { cookie, 'x-csrf-token': body.csrf_token };
    api.session = body;
    return api;
  }

  call(method, path, options = {}) {
    return call(this.base, method, `/api/v1${path}`, { ...options, headers: { ...this.headers, ...options.headers } });
  }
  get(path) {
    return this.call('GET', path);
  }
  post(path, body = {}, headers = {}) {
    return this.call('POST', path, { body, headers });
  }
  put(path, body) {
    return this.call('PUT', path, { body });
  }
  patch(path, body) {
    return this.call('PATCH', path, { body });
  }
  delete(path) {
    return this.call('DELETE', path);
  }

  // All pages of a list.
  async all(path, limit = 100) {
    const items = [];
    let cursor = '';
    do {
      const page = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
      items.push(...page.items);
      cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : '';
    } while (cursor);
    return items;
  }
}

export class SandboxClient {
  constructor(base) {
    this.base = base;
  }
  call(method, path, body, options = {}) {
    return call(this.base, method, path, { body, ...options });
  }
  app(settings) {
    return this.call('POST', '/sandbox/apps', settings);
  }
  user(appid, settings = {}) {
    return this.call('POST', `/sandbox/apps/${appid}/users`, settings);
  }
  say(appid, openid, message, wait = true) {
    const body = typeof message === 'string' ? { msgtype: 'text', text: { content: message } } : message;
    return this.call('POST', `/sandbox/apps/${appid}/users/${openid}/messages${wait ? '' : '?wait=false'}`, body);
  }
  async phone(appid, openid, after = 0) {
    return (await this.call('GET', `/sandbox/apps/${appid}/users/${openid}/messages?after=${after}`)).items;
  }
  fault(appid, fault) {
    return this.call('POST', `/sandbox/apps/${appid}/faults`, fault);
  }
  clearFaults(appid) {
    return this.call('DELETE', `/sandbox/apps/${appid}/faults`);
  }
  async calls(appid, after = 0) {
    return (await this.call('GET', `/sandbox/apps/${appid}/calls?after=${after}`)).items;
  }
  advance(ms) {
    return this.call('POST', '/sandbox/clock', { advance_ms: ms });
  }
}
