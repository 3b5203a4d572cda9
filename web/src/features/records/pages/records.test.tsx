// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { RecordsPage } from './RecordsPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('records');
});

const base = '/miniprograms/wx1/records';
const account = { id: '1', username: 'boss', display_name: '', instance_admin: false, must_change_password: false, roles: [] };
const conversation = { id: '7', openid: 'oABCD', nickname: '林小满', customer_tags: ['VIP'], state: 'closed', agent: { id: '2', display_name: '小王' }, group_id: '1', reason: { id: '31', name: '售后 / 退款' }, tags: ['催办'], source: 'pages/pay', opened_at: 1_000, closed_at: 2_000, score: 2 };
const message = (seq: number, text: string, part: object = {}) => ({ id: String(seq), seq, created_at: seq, direction: 'in', sender_kind: 'customer', sender_name: null, msgtype: 'text', text, media_id: null, ...part });
const reason = (id: string, name: string, parent_id: string | null, choosable = true) => ({ id, name, parent_id, rule_ids: [], tags: [], archived: false, used: true, choosable });
const list = (items: object[] = [], part: object = {}) => () => ({ body: { items, next_cursor: null, ...part } });
const retention = { version: 1, messages_days: 0, media_days: 0, updated_by: null, updated_at: null, messages: { deleted: 0, last_deleted_at: null }, media: { deleted: 0, last_deleted_at: null } };

function show(address: string, permissions: string[], handlers: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer({
    'GET /session': () => ({ body: { csrf_token: 'c', account, permissions: { wx1: permissions } } }),
    'GET /miniprograms/wx1/teams/groups': list([{ id: '1', name: '默认组', is_default: true, updated_at: 0 }]),
    'GET /miniprograms/wx1/agents': list(),
    'GET /miniprograms/wx1/contact-reasons': list([reason('3', '售后', null, false), reason('31', '退款', '3'), reason('32', '换货', '3')]),
    'GET /miniprograms/wx1/conversation-tags': list([{ tag: '催办', used_at: 1 }]),
    [`GET ${base}`]: list([], { not_indexed: 0 }),
    ...handlers,
  });
  const router = createMemoryRouter([{ path: '/m/:appid/desk/records/:section?', Component: RecordsPage }], { initialEntries: [`/m/wx1/desk/records${address}`] });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <AntdApp>
          <RouterProvider router={router} />
        </AntdApp>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  return { server, router };
}

test('a hit is marked and read beside, with what was deleted named as such', async () => {
  const { router } = show(`?q=${encodeURIComponent('退款')}`, ['desk.read'], {
    [`GET ${base}`]: ({ url }) => ({ body: { items: url.searchParams.get('text') === '退款' ? [{ conversation, message: message(5, '想退款怎么办') }] : [], next_cursor: null, not_indexed: 0 } }),
    [`GET ${base}/conversations/7`]: () => ({ body: { conversation, items: [message(4, '', { msgtype: 'erased' }), message(5, '想退款怎么办')], next_cursor: null } }),
  });
  const hit = await screen.findByRole('link', { name: /想退款怎么办/ });
  expect(within(hit).getByText('退款').tagName).toBe('MARK');
  expect(screen.queryByRole('link', { name: '导出任务' })).toBeNull();
  expect(screen.queryByRole('button', { name: '导出结果' })).toBeNull();
  fireEvent.click(hit);
  await screen.findByText('内容已按保留期限或客户要求删除');
  expect([...document.querySelectorAll('.rec-facts dt')].map((one) => `${one.textContent}：${one.nextElementSibling!.textContent}`)).toEqual(expect.arrayContaining(['联系原因：售后 / 退款', '会话标签：催办', '客户标签：VIP']));
  expect(router.state.location.search).toContain('open=7&seq=5');
  const read = within(screen.getByRole('list', { name: '消息' }));
  expect(read.getAllByRole('listitem').map((one) => one.getAttribute('aria-current'))).toEqual([null, 'true']);
  fireEvent.click(screen.getByRole('button', { name: '关闭会话内容' }));
  await screen.findByText('选择一条结果');
});

test('a reason and a tag are chosen, asked for, and kept in the address', async () => {
  let asked = {};
  const { router } = show('?customer_tag=VIP', ['desk.read'], {
    [`GET ${base}`]: ({ url }) => {
      asked = Object.fromEntries(url.searchParams);
      return { body: { items: [{ conversation, message: null }], next_cursor: null, not_indexed: 0 } };
    },
  });
  await screen.findByText(/售后 \/ 退款 · #催办/);
  const choose = async (name: string, option: string) => {
    fireEvent.mouseDown(await screen.findByRole('combobox', { name }));
    fireEvent.click(await screen.findByTitle(option));
  };
  await choose('联系原因', '售后');
  await choose('会话标签', '催办');
  await waitFor(() => expect(Object.fromEntries(new URLSearchParams(router.state.location.search))).toEqual({ customer_tag: 'VIP', reason_id: '3', tag: '催办' }));
  await waitFor(() => expect(asked).toMatchObject({ customer_tag: 'VIP', reason_id: '3', tag: '催办' }));
  for (const chip of ['联系原因：售后', '会话标签：催办', '客户标签：VIP']) await screen.findByText(chip);
});

test('an empty page that may have a next one offers to go on', async () => {
  let pages = 0;
  show('?score=1', ['desk.read'], {
    [`GET ${base}`]: () => ({ body: pages++ === 0 ? { items: [], next_cursor: 'further', not_indexed: 0 } : { items: [{ conversation, message: null }], next_cursor: null, not_indexed: 0 } }),
  });
  fireEvent.click(await screen.findByRole('button', { name: '继续查找' }));
  await screen.findByRole('link', { name: /林小满/ });
  expect(screen.queryByText('没有找到')).toBeNull();
  expect(screen.getByText('共 1 条')).toBeTruthy();
});

test('what is searched for is what is exported', async () => {
  const { server, router } = show('?customer=oABCD&score=2', ['desk.read', 'desk.export'], {
    [`POST ${base}/exports`]: () => ({ status: 201, body: {} }),
    [`GET ${base}/exports`]: list(),
  });
  fireEvent.click(await screen.findByRole('button', { name: '导出结果' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText('客户：oABCD');
  fireEvent.click(dialog.getByRole('button', { name: '开始导出' }));
  await waitFor(() => expect(server.of(`POST ${base}/exports`).map((one) => one.body)).toEqual([{ format: 'csv', customer: 'oABCD', score: 2 }]));
  await waitFor(() => expect(router.state.location.pathname).toBe('/m/wx1/desk/records/exports'));
  await screen.findByText('没有导出任务');
});

test('a shorter time is asked about before anything goes', async () => {
  const { server } = show('/settings', ['desk.read', 'desk.configure'], {
    [`GET ${base}/retention`]: () => ({ body: retention }),
    [`GET ${base}/holds`]: list(),
    [`PATCH ${base}/retention`]: ({ body }) => ({ body: { ...retention, ...(body as object), version: 2 } }),
  });
  const save = await screen.findByRole<HTMLButtonElement>('button', { name: '保存' });
  expect(save.disabled).toBe(true);
  const [messages, media] = ['消息内容', '图片等媒体'].map((name) => within(screen.getByRole('radiogroup', { name })));
  fireEvent.click(messages!.getByRole('radio', { name: '保留一段时间' }));
  await screen.findByText('媒体的保留时间不能长于消息内容。');
  expect(save.disabled).toBe(true);
  fireEvent.click(media!.getByRole('radio', { name: '保留一段时间' }));
  fireEvent.click(save);
  fireEvent.click(await screen.findByRole('button', { name: '缩短并删除' }));
  await waitFor(() => expect(server.of(`PATCH ${base}/retention`).map((one) => one.body)).toEqual([{ version: 1, messages_days: 180, media_days: 180 }]));
});
