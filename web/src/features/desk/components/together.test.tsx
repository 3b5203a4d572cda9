// Colleagues and supervisors in a conversation, with a server of a few lines.
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import type { Session } from '@/shared/session/session';
import type { Conversation } from '../api/cache';
import { rewrite, send } from '../api/outgoing';
import { Composer } from './Composer';
import Together from './Together';

vi.mock('@/shared/live/live', () => ({ useLive: () => ({ sendTyping() {}, status: { state: 'live' } }), useLiveEvents() {} }));

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('supervise');
});

const one = '/conversations/5';
const agent = (id: string) => ({ id, display_name: `客服${id}` });
const conversation = (part: Partial<Conversation> = {}) =>
  ({ id: '5', thread_id: '6', appid: 'wx1', openid: 'o1', state: 'active', version: 1, last_seq: 3, group_id: '7', assignee: agent('2'), offer: null, mentioned: [], ...part }) as Conversation;
const offer = (to: string) => ({ to: agent(to), until: Date.now() + 30_000 });

function show(children: (conversation: Conversation) => ReactNode, first: Conversation, handlers: Parameters<typeof fakeServer>[0] = {}, session: Partial<Session> = {}) {
  const server = fakeServer({ [`POST ${one}/watch`]: () => ({ body: first }), 'GET /miniprograms/wx1/quick-replies': () => ({ body: { items: [] } }), ...handlers });
  const client = makeQueryClient();
  client.setQueryData(['session'], { csrf_token: 'c', account: { id: '1', username: 'agent1' }, permissions: { wx1: ['desk.read', 'desk.reply'] }, ...session });
  const frame = (now: Conversation) => (
    <QueryClientProvider client={client}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <AntdApp>
          <MemoryRouter>{children(now)}</MemoryRouter>
        </AntdApp>
      </ConfigProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(frame(first));
  return { server, becomes: (part: Partial<Conversation>) => rerender(frame(conversation(part))) };
}
const together = (now: Conversation) => <Together conversation={now} />;
const bar = (name: string) => within(screen.getByRole('group', { name }));

describe('an offered transfer', () => {
  test('is declined with a reason by whom it is for', async () => {
    const { server } = show(together, conversation({ offer: offer('1') }), { [`POST ${one}/transfer/decline`]: () => ({ body: conversation() }) });
    expect(bar('转接').getByText(/^客服2 想把这个会话转给您/)).toBeDefined();
    expect(bar('转接').queryByRole('button', { name: '撤回' })).toBeNull();
    fireEvent.click(bar('转接').getByRole('button', { name: '谢绝' }));
    fireEvent.change(screen.getByLabelText('留言'), { target: { value: ' 在忙 ' } });
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: '谢绝' }));
    await waitFor(() => expect(server.of(`POST ${one}/transfer/decline`).map((call) => call.body)).toEqual([{ note: '在忙' }]));
  });

  test('is withdrawn by its sender; others see it only', async () => {
    const { server, becomes } = show(together, conversation({ assignee: agent('1'), offer: offer('3') }), { [`POST ${one}/transfer/withdraw`]: () => ({ body: conversation() }) });
    expect(bar('转接').queryByRole('button', { name: '接受' })).toBeNull();
    fireEvent.click(bar('转接').getByRole('button', { name: '撤回' }));
    await waitFor(() => expect(server.of(`POST ${one}/transfer/withdraw`)).toHaveLength(1));
    becomes({ version: 2, offer: offer('3') });
    expect(bar('转接').queryAllByRole('button')).toEqual([]);
    becomes({ version: 3, state: 'closed', offer: offer('3') });
    expect(screen.queryByRole('group')).toBeNull();
  });
});

test('a colleague is one chip, whatever the notes that name them, and leaves with all of them', async () => {
  const mention = (id: string, kind: string, answered_at: number | null = null) => ({ id, kind, conversation_id: '5', message_id: id, whom: agent('3'), from: agent('2'), created_at: 1, read_at: null, answered_at });
  const { server, becomes } = show(together, conversation({ mentioned: ['3'] }), {
    [`GET ${one}/mentions`]: () => ({ body: { items: [mention('8', 'mention'), mention('9', 'consult', 5)] } }),
    [`DELETE ${one}/mentions/8`]: () => ({ status: 204 }),
    [`DELETE ${one}/mentions/9`]: () => ({ status: 204 }),
  });
  await waitFor(() => expect(bar('可以旁观的同事').getByText(/已答复/)).toBeDefined());
  expect(bar('可以旁观的同事').queryByRole('button'), 'of others').toBeNull();
  becomes({ assignee: agent('1'), mentioned: ['3'] });
  fireEvent.click(bar('可以旁观的同事').getByRole('button', { name: '不再提及 客服3' }));
  fireEvent.click(await screen.findByRole('button', { name: '不再提及' }));
  await waitFor(() => expect(server.asked.filter((call) => call.call.startsWith('DELETE')).map((call) => call.call)).toEqual([`DELETE ${one}/mentions/8`, `DELETE ${one}/mentions/9`]));
});

describe('a supervisor', () => {
  const watched = ({ server }: ReturnType<typeof show>) => server.of(`POST ${one}/watch`).length;
  const ofGroup = (group_id: string) => ({ group_permissions: { wx1: [{ permission: 'desk.supervise' as const, group_id }] } });

  test("is audited once for each opening of what is another's", async () => {
    const shown = show(together, conversation({ assignee: null }), {}, ofGroup('7'));
    expect(bar('督导').queryByRole('button', { name: '悄悄话' }), 'there is nobody to whisper to').toBeNull();
    expect(watched(shown)).toBe(0);
    shown.becomes({ version: 2 });
    await waitFor(() => expect(watched(shown)).toBe(1));
    expect(bar('督导').getByText('旁听中，已记入审计日志')).toBeDefined();
    shown.becomes({ version: 3, assignee: agent('3') });
    expect(bar('督导').getByRole('button', { name: '悄悄话' })).toBeDefined();
    expect(watched(shown)).toBe(1);
    shown.becomes({ version: 4, assignee: agent('1') });
    expect(screen.queryByRole('group')).toBeNull();
  });

  test.each([
    ['nobody', {}],
    ['of another group', ofGroup('8')],
  ])('%s: no bar, no watching', (_, session) => {
    const shown = show(together, conversation(), {}, session);
    expect(screen.queryByRole('group')).toBeNull();
    expect(watched(shown)).toBe(0);
  });
});

describe('who reads along writes notes', () => {
  const composer = (now: Conversation) => <Composer conversation={now} ready={async () => true} notesFirst={now.assignee?.id !== '1'} />;
  const handlers = { 'GET /miniprograms/wx1/agents': () => ({ body: { items: [] } }) };

  test('and answers when it is theirs', () => {
    const { becomes } = show(composer, conversation(), handlers);
    expect(screen.getByLabelText('写内部备注')).toBeDefined();
    becomes({ assignee: agent('1') });
    expect(screen.getByLabelText('回复客户')).toBeDefined();
  });

  test('but what was begun as a note never becomes an answer', () => {
    const { becomes } = show(composer, conversation({ id: '55' }), handlers);
    fireEvent.change(screen.getByLabelText('写内部备注'), { target: { value: '这位客户很难缠' } });
    becomes({ id: '55', assignee: agent('1') });
    expect(screen.getByLabelText<HTMLTextAreaElement>('写内部备注').value).toBe('这位客户很难缠');
  });

  test('nor joins an answer that a check stopped, and comes back to be rewritten', async () => {
    await loadStrings('content_check');
    const { becomes } = show(composer, conversation({ id: '55' }), { ...handlers, 'POST /conversations/55/messages': () => ({ status: 422, body: { type: '', title: '', status: 422, code: 'content_check.refused', findings: [], may_confirm: false } }) });
    fireEvent.change(screen.getByLabelText('写内部备注'), { target: { value: '这位客户很难缠' } });
    await act(() => send(makeQueryClient(), { conversation_id: '55', thread_id: '6', client_id: 'c9', body: { msgtype: 'text', text: { content: '返现给您' } } }));
    act(() => rewrite('c9'));
    expect(screen.getByLabelText<HTMLTextAreaElement>('写内部备注').value).toBe('这位客户很难缠');
    expect(await screen.findByText(/请先保存或清空/)).toBeDefined();
    fireEvent.change(screen.getByLabelText('写内部备注'), { target: { value: '' } });
    becomes({ id: '55', assignee: agent('1') });
    act(() => rewrite('c9'));
    expect(screen.getByLabelText<HTMLTextAreaElement>('回复客户').value).toBe('返现给您');
  });
});
