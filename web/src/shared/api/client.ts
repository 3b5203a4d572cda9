// Calls of the console API, typed from api/openapi.yaml. Every failure is an ApiProblem.
import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

// Routing rules that stand in the way.
export interface RuleName {
  id: string;
  name: string;
}

// What stands in the way of a message: of desk.blocked_word, content_check.refused and content_check.unchecked.
export interface Doubts {
  words: string[];
  findings: Schemas['ContentCheckFinding'][];
  mayConfirm: boolean;
}

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId = '',
    readonly fields: Schemas['FieldError'][] = [],
    readonly answers: Schemas['MessageBrief'][] = [], // of desk.conversation_moved
    readonly rules: RuleName[] = [], // of teams.group_in_use and teams.skill_in_use
    readonly doubts?: Doubts,
  ) {
    super(message);
  }
}

let csrfToken = '';
let onSignedOut: () => void = () => {};

export function setCsrfToken(token: string) {
  csrfToken = token;
}

// Called when the server says that the session has ended.
export function whenSignedOut(listener: () => void) {
  onSignedOut = listener;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
    request.headers.set('Accept-Language', document.documentElement.lang || 'zh-CN');
    return request;
  },
  onResponse({ response, schemaPath }) {
    // Asking who is signed in, and a wrong password, are answered 401 without a session having ended.
    if (response.status === 401 && schemaPath !== '/api/v1/session') onSignedOut();
  },
};

export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetch(request) });
api.use(guard);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

// The answer's data, or an ApiProblem: also for a server that cannot be reached or answers with something else.
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw new ApiProblem(0, 'network.unreachable', '');
  }
  if (answer.response.ok) return answer.data as T;
  const problem = (answer.error ?? {}) as Partial<Schemas['Problem'] & { rules: RuleName[] }>;
  throw new ApiProblem(
    answer.response.status,
    problem.code ?? `http.${answer.response.status}`,
    problem.detail ?? problem.title ?? '',
    problem.request_id,
    problem.errors,
    problem.answers,
    problem.rules,
    problem.may_confirm === undefined ? undefined : { words: problem.words ?? [], findings: problem.findings ?? [], mayConfirm: problem.may_confirm },
  );
}

// Addresses of pictures, for <img>.
export const mediaUrl = (appid: string, mediaId: string) =>
  `/api/v1/miniprograms/${encodeURIComponent(appid)}/media/${encodeURIComponent(mediaId)}`;
export const pictureUrl = (appid: string, pictureId: string) =>
  `/api/v1/miniprograms/${encodeURIComponent(appid)}/pictures/${encodeURIComponent(pictureId)}`;

export async function uploadPicture(appid: string, file: File): Promise<Schemas['Picture']> {
  const form = new FormData();
  form.append('file', file);
  return unwrap(
    api.POST('/api/v1/miniprograms/{appid}/pictures', {
      params: { path: { appid } },
      body: form as unknown as { file: string },
      bodySerializer: (body) => body as unknown as FormData,
    }),
  );
}

// Reads a list to its end, in pages of 100, up to `max` items.
export async function readAll<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor?: string | null }>,
  max = 1000,
): Promise<{ items: T[]; complete: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    items.push(...answer.items);
    cursor = answer.next_cursor || undefined;
  } while (cursor && items.length < max);
  return { items, complete: !cursor };
}
