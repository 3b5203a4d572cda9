// Two say something of one conversation at the same time.
import { QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeAll, expect, test } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { startI18n } from '@/i18n';
import { makeQueryClient } from '@/app/queryClient';
import { changeOf, draftOf } from '../components/wrapUpDraft';
import type { Conversation } from './cache';
import { useChangeWrapUp, useConversationAction } from './conversations';

beforeAll(() => startI18n('zh'));

const seen = { id: '1', appid: 'wx1', openid: 'o1', reason: null, tags: ['旧'], fields: {}, version: 1 } as unknown as Conversation;
const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={makeQueryClient()}>{children}</QueryClientProvider>;

// The server's conversation, to which a colleague has given a tag since it was seen here.
function server() {
  let now = { ...seen, tags: ['旧', '同事'], version: 2 };
  const change = ({ body }: { body: unknown }) => {
    const { version, tags } = body as { version?: number; tags?: string[] };
    if (version !== undefined && version !== now.version) return { status: 409, body: { code: 'desk.conversation_changed' } };
    now = { ...now, ...(tags && { tags }), version: now.version + 1 };
    return { body: now };
  };
  fakeServer({ 'GET /conversations/1': () => ({ body: now }), 'PATCH /conversations/1/wrap-up': change, 'POST /conversations/1/close': change });
  return () => now.tags;
}
const draft = { ...draftOf(seen), tags: ['旧', '新'] };
const said = (now: Conversation) => changeOf(draft, now);

test('who closes it keeps the tag that a colleague gave', async () => {
  const tags = server();
  const { result } = renderHook(useConversationAction, { wrapper });
  await act(() => result.current.mutateAsync({ conversation: seen, action: 'close', said }));
  expect(tags()).toEqual(['旧', '同事', '新']);
});

test('who tags it keeps the tag that a colleague gave', async () => {
  const tags = server();
  const { result } = renderHook(useChangeWrapUp, { wrapper });
  await act(() => result.current.mutateAsync({ conversation: seen, said }));
  expect(tags()).toEqual(['旧', '同事', '新']);
});
