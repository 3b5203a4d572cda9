// The closing of a conversation: solved unless somebody says otherwise, and why the customer wrote when that is asked for.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { ConfigProvider } from 'antd';
import { beforeAll, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import type { Conversation } from '../api/cache';
import type { Saying } from '../api/conversations';
import CloseDialog from './CloseDialog';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('wrapup');
});

const base = '/miniprograms/wx1';
const reason = (id: string, name: string, parent_id: string | null) => ({ id, name, parent_id, rule_ids: [], tags: [], archived: false, used: false, choosable: parent_id !== null });
const list = (items: object[]) => ({ body: { items } });
const conversation = { id: '7', appid: 'wx1', reason: null, tags: ['催办'], fields: {} } as unknown as Conversation;

function show(asked: object = {}) {
  const server = fakeServer({
    'GET /conversations/7/wrap-up': () => ({ body: { reason: null, tags: ['催办'], fields: {}, suggested_reason_id: null, reason_required: false, ...asked } }),
    [`GET ${base}/contact-reasons`]: () => list([reason('1', '售后', null), reason('2', '退款', '1')]),
    [`GET ${base}/conversation-fields`]: () => list([]),
    [`GET ${base}/conversation-tags`]: () => list([]),
  });
  const [end, close] = [vi.fn(), vi.fn()];
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <CloseDialog conversation={conversation} end={end} close={close} />
      </ConfigProvider>
    </QueryClientProvider>,
  );
  return { server, end, close };
}
// What would be said of the conversation as it is.
const ended = (end: ReturnType<typeof vi.fn>) => end.mock.calls.map(([outcome, said]) => [outcome, (said as Saying)(conversation)]);
const enter = () => fireEvent.keyDown(screen.getByRole('radio', { name: '已解决' }), { key: 'Enter' });

test('Enter ends it as solved, at once', () => {
  const { end } = show();
  enter();
  expect(ended(end)).toEqual([['resolved', {}]]);
});

test('the other outcome is chosen; leaving ends nothing', () => {
  const { end, close } = show();
  fireEvent.click(screen.getByRole('radio', { name: '未解决' }));
  fireEvent.click(screen.getByRole('button', { name: '取消' }));
  expect([end.mock.calls.length, close.mock.calls.length]).toEqual([0, 1]);
  fireEvent.click(screen.getByRole('button', { name: '结束会话' }));
  expect(ended(end)).toEqual([['unresolved', {}]]);
});

test('what is suggested is confirmed by Enter', async () => {
  const { end } = show({ suggested_reason_id: '2' });
  await screen.findByText('按分配规则或标签推荐，请确认');
  enter();
  expect(ended(end)).toEqual([['resolved', { reason_id: '2' }]]);
});

test('a required reason is asked for, and nothing ends without it', async () => {
  const { server, end } = show({ reason_required: true });
  await waitFor(() => expect(server.of('GET /conversations/7/wrap-up')).toHaveLength(1));
  await screen.findByLabelText('联系原因');
  enter();
  await screen.findByText('请选择联系原因');
  expect(end.mock.calls).toEqual([]);
});
