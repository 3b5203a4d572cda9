// A server of a few lines for unit tests: what it answers to which call, and what it was asked.
import { vi } from 'vitest';

type Answer = { status?: number; body?: unknown } | 'unreachable';
type Handler = (request: { url: URL; body: unknown }) => Answer | Promise<Answer>;

export function fakeServer(handlers: Record<string, Handler>) {
  const asked: { call: string; body: unknown; headers: Headers }[] = [];
  const serve = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const call = `${request.method} ${url.pathname.replace('/api/v1', '')}`;
    const text = request.method === 'GET' ? '' : await request.text();
    const body = text ? JSON.parse(text) : undefined;
    asked.push({ call, body, headers: request.headers });
    const handler = handlers[call];
    const answer = handler ? await handler({ url, body }) : { status: 404, body: { code: 'test.no_handler', title: call } };
    if (answer === 'unreachable') throw new TypeError('Failed to fetch');
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status ?? 200, headers: { 'content-type': 'application/json' } });
  };
  vi.stubGlobal('fetch', vi.fn(serve));
  return { asked, of: (call: string) => asked.filter((one) => one.call === call) };
}
