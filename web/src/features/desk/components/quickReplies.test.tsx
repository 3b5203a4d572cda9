// Quick replies in the composer, and macros above the conversation, with a server of a few lines.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { useState, type ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { beforeAll, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import type { Conversation } from '../api/cache';
import { Composer } from './Composer';
import MacroMenu from './MacroMenu';

vi.mock('@/shared/live/live', () => ({ useLive: () => ({ sendTyping() {}, status: { state: 'live', since: 0 } }) }));

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('quick_replies');
});

const base = '/miniprograms/wx1';
const conversation = { id: '5', thread_id: '6', appid: 'wx1', openid: 'o1', nickname: '林小满', state: 'active', last_seq: 3 } as Conversation;
const reply = (id: string, part: object) => ({ id, scope: 'shared', folder: '', shortcut: '', title: '', content: '', picture_id: '', initials: '', initials_by_hand: false, uses: 0, last_used_at: null, updated_at: 1, ...part });
const replies = [
  reply('1', { title: '问候', initials: 'wh', content: '{{customer.nickname|亲}}您好', picture_id: 'p1' }),
  reply('2', { title: '文化节', initials: 'whj', content: '欢迎参加', uses: 7 }),
  reply('3', { title: '尺码表', initials: 'cmb', picture_id: 'p3' }),
];

function show(children: ReactNode, handlers: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer({
    [`GET ${base}/quick-replies`]: () => ({ body: { items: replies } }),
    'POST /conversations/5/messages': ({ body }) => ({ status: 201, body: { id: '9', conversation_id: '5', thread_id: '6', seq: 4, ...(body as object) } }),
    ...handlers,
  });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <AntdApp>
          <MemoryRouter>{children}</MemoryRouter>
        </AntdApp>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  return server;
}

const box = () => screen.getByLabelText<HTMLTextAreaElement>('回复客户');
const type = (value: string) => fireEvent.change(box(), { target: { value } });
const enter = () => fireEvent.keyDown(box(), { key: 'Enter' });

test('found by initials, the most used first; variables are filled in, and the use is counted with the text', async () => {
  const server = show(<Composer conversation={conversation} ready={async () => true} />, { [`POST ${base}/quick-replies/1/fill-in`]: () => ({ body: { text: '林小满您好', picture_id: 'p1' } }) });
  type('/wh');
  await waitFor(() => expect(screen.getAllByRole('option').map((one) => one.querySelector('strong')?.textContent)).toEqual(['文化节', '问候']));
  expect(screen.getByText('亲您好')).toBeDefined();
  fireEvent.keyDown(box(), { key: 'ArrowDown' });
  enter();
  await waitFor(() => expect(box().value).toBe('林小满您好'));
  expect(server.of(`POST ${base}/quick-replies/1/fill-in`)[0]!.body).toEqual({ conversation_id: '5' });
  expect(screen.getByRole('img', { name: '问候' })).toBeDefined();
  enter();
  await waitFor(() => expect(server.of('POST /conversations/5/messages')).toHaveLength(2));
  const sent = server.of('POST /conversations/5/messages').map((one) => one.body as Record<string, unknown>);
  expect(sent.map(({ msgtype, image, text, quick_reply_id }) => [msgtype, image ?? text, quick_reply_id])).toEqual([
    ['image', { picture_id: 'p1' }, undefined],
    ['text', { content: '林小满您好' }, '1'],
  ]);
  type('谢谢');
  enter();
  await waitFor(() => expect(server.of('POST /conversations/5/messages')).toHaveLength(3));
  expect(server.of('POST /conversations/5/messages')[2]!.body).not.toHaveProperty('quick_reply_id');
});

test('a picture alone waits for sending, and carries the use', async () => {
  const server = show(<Composer conversation={conversation} ready={async () => true} />, {});
  type('/cm');
  await screen.findByRole('option', { name: /尺码表/ });
  enter();
  await screen.findByRole('button', { name: '移除 尺码表' });
  expect(box().value).toBe('');
  enter();
  await waitFor(() => expect(server.of('POST /conversations/5/messages').map((one) => (one.body as { quick_reply_id?: string }).quick_reply_id)).toEqual(['3']));
});

test('what was written meanwhile is not lost', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const server = show(<Composer conversation={conversation} ready={async () => true} />, {
    [`POST ${base}/quick-replies/1/fill-in`]: async () => {
      await answered;
      return { body: { text: '林小满您好', picture_id: '' } };
    },
  });
  type('/问');
  await screen.findByRole('option', { name: /问候/ });
  enter();
  type('/问一下');
  answer();
  await waitFor(() => expect(server.of(`POST ${base}/quick-replies/1/fill-in`)).toHaveLength(1));
  await new Promise(requestAnimationFrame);
  expect(box().value).toBe('/问一下');
});

function Menu() {
  const [open, setOpen] = useState(false);
  return <MacroMenu conversation={conversation} open={open} setOpen={setOpen} />;
}

const macros = [{ id: '70', scope: 'shared', name: '道别', actions: [{ kind: 'send_text', text: '再见' }, { kind: 'close' }], updated_at: 1 }];

test('a macro is run, and taken back; what stays is said', async () => {
  const server = show(<Menu />, {
    [`GET ${base}/macros`]: () => ({ body: { items: macros } }),
    [`POST ${base}/macros/70/run`]: () => ({ body: { id: '80', macro_id: '70', conversation_id: '5', actions: [{ kind: 'send_text', undoable: false }, { kind: 'close', undoable: true }], ran_at: 1000, undo_until: 301_000 } }),
    [`POST ${base}/macro-runs/80/undo`]: () => ({ body: { actions: ['reopen'], kept: [{ kind: 'send_text', why: 'sent' }] } }),
  });
  fireEvent.click(screen.getByRole('button', { name: '组合操作' }));
  fireEvent.click(await screen.findByText('发送“再见” → 结束会话'));
  await screen.findByText('林小满 · 发送文字、结束会话');
  expect(server.of(`POST ${base}/macros/70/run`)[0]!.body).toEqual({ conversation_id: '5', seen_seq: 3 });
  fireEvent.click(screen.getByRole('button', { name: '撤销' }));
  await screen.findByText('已撤销“道别”；已经发出的消息和备注不能撤回');
  expect(server.of(`POST ${base}/macro-runs/80/undo`)).toHaveLength(1);
});

test('a colleague answered first: the macro is run when that was read', async () => {
  const answers = [{ seq: 4, sender_name: '阿芳', summary: '已经发货了', created_at: 1 }];
  const server = show(<Menu />, {
    [`GET ${base}/macros`]: () => ({ body: { items: macros } }),
    [`POST ${base}/macros/70/run`]: ({ body }) =>
      (body as { seen_seq: number }).seen_seq < 4
        ? { status: 409, body: { type: '', title: '', status: 409, code: 'desk.conversation_moved', answers } }
        : { body: { id: '81', macro_id: '70', conversation_id: '5', actions: [{ kind: 'send_text', undoable: false }], ran_at: 1000, undo_until: 301_000 } },
  });
  fireEvent.click(screen.getByRole('button', { name: '组合操作' }));
  fireEvent.click(await screen.findByText('发送“再见” → 结束会话'));
  await screen.findAllByText('同事刚刚已经回复了客户'); // antd names the dialog by it, too
  expect(screen.getByText('已经发货了').textContent).toBe('阿芳 已经发货了');
  expect(server.of(`POST ${base}/macros/70/run`)).toHaveLength(1);
  fireEvent.click(screen.getByRole('button', { name: '仍要发送' }));
  await waitFor(() => expect(server.of(`POST ${base}/macros/70/run`).map((one) => (one.body as { seen_seq: number }).seen_seq)).toEqual([3, 4]));
});
