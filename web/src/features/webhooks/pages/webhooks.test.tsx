// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { LiveProvider } from '@/shared/live/live';
import { WebhookPage } from './WebhookPage';
import { WebhooksPage } from './WebhooksPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('webhooks');
  await loadStrings('charts');
});

class Socket {
  static OPEN = 1;
  static last: Socket;
  readyState = 1;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  constructor() {
    Socket.last = this;
  }
  send() {}
  close() {}
}

const base = '/miniprograms/wx1/webhooks';
const account = { id: '1', username: 'boss', display_name: '', instance_admin: false, must_change_password: false, roles: [] };
const session = (...permissions: string[]) => ({ 'GET /session': () => ({ body: { csrf_token: 'c', account, permissions: { wx1: permissions } } }) });
const health = { last_success_at: null, last_failure_at: null, failing_since: null, reason: null, detail: null, off_reason: null, off_at: null, waiting: 0 };
const webhook = (part: object = {}) => ({ id: '7', version: 3, address: 'https://shop.example/in?token=t0ken', description: '订单系统', kinds: ['message.received'], enabled: true, previous_secret_until: null, created_by: 'boss', created_at: 1, updated_at: 1, health, ...part });
const delivery = (event_id: string, part: object = {}) => ({ event_id, kind: 'message.received', at: Date.now(), state: 'delivered', attempts: 1, queued_at: 1, next_at: null, last_at: 2, finished_at: 2, status: 200, reason: null, detail: null, duration_ms: 35, answer: '', ...part });
const list = (...items: object[]) => () => ({ body: { items, next_cursor: null } });
const conflict = { status: 409, body: { type: '', title: '', status: 409, code: 'webhooks.changed' } };

function show(address: string, handlers: Parameters<typeof fakeServer>[0]) {
  vi.stubGlobal('WebSocket', Socket);
  const server = fakeServer({ ...session('desk.configure', 'desk.records_all'), 'GET /miniprograms/wx1/webhook-notices': list(), [`GET ${base}/7/deliveries`]: list(), ...handlers });
  const router = createMemoryRouter([{ path: '/m/:appid/webhooks', Component: WebhooksPage }, { path: '/m/:appid/webhooks/:id', Component: WebhookPage }], { initialEntries: [`/m/wx1/webhooks${address}`] });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <AntdApp>
          <LiveProvider appids={['wx1']}>
            <RouterProvider router={router} />
          </LiveProvider>
        </AntdApp>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  const asked = (part: string) => (globalThis.fetch as unknown as { mock: { calls: [Request][] } }).mock.calls.map(([request]) => new URL(request.url)).filter((url) => url.pathname.endsWith(part)).map((url) => url.searchParams);
  return { server, router, asked };
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));
async function fromMenu(name: string, item: string) {
  fireEvent.click(await screen.findByRole('button', { name: `${name} 的更多操作` }));
  fireEvent.click(await screen.findByRole('menuitem', { name: item }));
}

test('an address is added with the chosen events, and its secret is shown once', async () => {
  let stored: object[] = [];
  const { server } = show('', {
    [`GET ${base}`]: () => ({ body: { items: stored, next_cursor: null } }),
    [`POST ${base}`]: ({ body }) => {
      stored = [webhook(body as object)];
      return { status: 201, body: { webhook: stored[0], secret: 'whsec_once' } };
    },
  });
  await screen.findByText('还没有推送地址');
  press('添加推送地址');
  const dialog = within(await screen.findByRole('dialog'));
  const save = dialog.getByRole<HTMLButtonElement>('button', { name: '添加推送地址' });
  fireEvent.change(dialog.getByLabelText('地址'), { target: { value: 'shop.example' } });
  expect(dialog.getByText('请填写完整的 http 或 https 地址')).toBeDefined();
  fireEvent.change(dialog.getByLabelText('地址'), { target: { value: ' https://shop.example/in ' } });
  expect(save.disabled).toBe(true);
  fireEvent.click(dialog.getByRole('button', { name: '全选' }));
  expect(dialog.getByText(/^已选 (\d+) \/ \1$/)).toBeDefined();
  fireEvent.click(dialog.getByRole('button', { name: '全不选' }));
  expect(save.disabled).toBe(true);
  fireEvent.click(dialog.getByRole('checkbox', { name: /^客户来信/ }));
  fireEvent.click(dialog.getByRole('checkbox', { name: /^新会话/ }));
  fireEvent.click(save);
  await screen.findByText('whsec_once');
  expect(server.of(`POST ${base}`)[0]!.body).toEqual({ address: 'https://shop.example/in', description: '', kinds: ['conversation.opened', 'message.received'], enabled: true });
  press('已保存好');
  await waitFor(() => expect(screen.queryByText('whsec_once')).toBeNull());
  expect((await screen.findByRole('link', { name: 'shop.example/in' })).getAttribute('href')).toBe('/m/wx1/webhooks/7');
});

test('somebody was faster: nothing is lost, and it is saved after a look', async () => {
  let stored = webhook();
  const { server } = show('', {
    [`GET ${base}`]: () => ({ body: { items: [stored], next_cursor: null } }),
    [`PATCH ${base}/7`]: ({ body }) => {
      if ((body as { version: number }).version === 3) {
        stored = webhook({ version: 4, description: '仓库' });
        return conflict;
      }
      return { body: (stored = { ...stored, ...(body as object), version: 5 }) };
    },
  });
  await fromMenu('订单系统', '编辑');
  const dialog = within(await screen.findByRole('dialog'));
  const save = dialog.getByRole<HTMLButtonElement>('button', { name: '保存' });
  expect(save.disabled).toBe(true);
  fireEvent.click(dialog.getByRole('checkbox', { name: /^客户资料变化/ }));
  fireEvent.click(save);
  await dialog.findByText('在您修改期间，这个推送地址有了变化');
  await waitFor(() => expect(dialog.getByLabelText<HTMLInputElement>(/^说明/).value).toBe('仓库'));
  fireEvent.click(save);
  await waitFor(() => expect(server.of(`PATCH ${base}/7`).map((one) => one.body)).toEqual([3, 4].map((version) => ({ version, kinds: ['message.received', 'customer.changed'] }))));
});

test('what waits is named before it is given up', async () => {
  const { server } = show('', { [`GET ${base}`]: list(webhook({ health: { ...health, waiting: 12 } })), [`PATCH ${base}/7`]: () => ({ body: webhook({ enabled: false, version: 4 }) }) });
  fireEvent.click(await screen.findByRole('switch', { name: '启用 订单系统' }));
  await screen.findByText(/有 12 条事件在等待投递/);
  expect(server.of(`PATCH ${base}/7`)).toHaveLength(0);
  press('停用');
  await waitFor(() => expect(server.of(`PATCH ${base}/7`)[0]?.body).toEqual({ version: 3, enabled: false }));
});

test('a test tells what was answered', async () => {
  const report = { event_id: '5', delivered: false, status: 500, reason: 'server_error', detail: 'HTTP 500', duration_ms: 40, answer: 'out of order' };
  show('', { [`GET ${base}`]: list(webhook()), [`POST ${base}/7/test`]: () => ({ body: report }) });
  fireEvent.click(await screen.findByRole('button', { name: '发送测试事件' }));
  await screen.findByText('“订单系统”没有收到测试事件');
  expect(screen.getByText('接收方出错（5xx） · HTTP 500 · 40 ms')).toBeDefined();
  expect(screen.getByText('out of order')).toBeDefined();
});

test('a secret is replaced, and the one before signs for as long as is said', async () => {
  const { server } = show('/7', { [`GET ${base}`]: list(webhook({ previous_secret_until: Date.now() + 60_000 })), [`POST ${base}/7/secret`]: () => ({ body: { webhook: webhook(), secret: 'whsec_other' } }) });
  await fromMenu('订单系统', '更换密钥');
  press('更换密钥');
  await screen.findByText('whsec_other');
  expect(server.of(`POST ${base}/7/secret`)[0]!.body).toEqual({ previous_hours: 24 });
  expect(screen.getByText('旧密钥有效到')).toBeDefined();
});

test('what was switched off by itself is seen at once, and may be redelivered when it is on again', async () => {
  let stored = webhook();
  show('/7', {
    [`GET ${base}`]: () => ({ body: { items: [stored], next_cursor: null } }),
    [`GET ${base}/7/deliveries`]: list(delivery('51', { state: 'failed', status: 410, reason: 'gone' })),
    [`PATCH ${base}/7`]: () => ({ body: (stored = webhook({ version: 5 })) }),
  });
  const again = await screen.findByRole<HTMLButtonElement>('button', { name: '重新投递' });
  expect(again.disabled).toBe(false);
  stored = webhook({ version: 4, enabled: false, health: { ...health, reason: 'gone', detail: 'HTTP 410', off_reason: 'gone', off_at: 1_717_430_400_000 } });
  act(() => Socket.last.onmessage?.({ data: JSON.stringify({ type: 'change', appid: 'wx1', seq: 1, topic: 'webhooks', data: { id: '7', switched_off: 'gone' } }) }));
  await screen.findByText(/^接收方答复 410 表示不再接收，已于 .+ 自动停用$/);
  expect(again.disabled).toBe(true);
  fireEvent.click(screen.getByRole('switch', { name: '启用 订单系统' }));
  await waitFor(() => expect(again.disabled).toBe(false));
});

test('the log is narrowed by the address, read on, and opened', async () => {
  const body = '{"id":"52","kind":"message.received"}';
  const { asked, router, server } = show('/7?state=failed&kind=message.received', {
    [`GET ${base}`]: list(webhook()),
    [`GET ${base}/7/deliveries`]: ({ url }) => ({ body: url.searchParams.get('cursor') ? { items: [delivery('53', { state: 'pending', next_at: Date.now() + 900_000, reason: 'timeout' })], next_cursor: null } : { items: [delivery('52', { state: 'failed', attempts: 18 })], next_cursor: 'n' } }),
    [`GET ${base}/7/deliveries/52`]: () => ({ body: { delivery: delivery('52', { state: 'failed', attempts: 18, answer: 'no' }), body } }),
    [`POST ${base}/7/deliveries/52/redeliver`]: () => ({ body: delivery('52', { state: 'pending' }) }),
  });
  fireEvent.click(await screen.findByRole('button', { name: '加载更多' }));
  await screen.findByText('10 秒内没有答复');
  expect(screen.getAllByRole('button', { name: '重新投递' })).toHaveLength(1);
  const question = asked('/deliveries')[0]!;
  expect([question.get('state'), question.get('kind'), question.get('from'), question.get('limit')]).toEqual(['failed', 'message.received', null, '50']);
  fireEvent.click(screen.getAllByRole('button', { name: '客户来信' })[0]!);
  const sheet = within(await screen.findByRole('dialog'));
  expect((await sheet.findByRole('group', { name: '代码' })).textContent).toBe(JSON.stringify(JSON.parse(body), null, 2));
  fireEvent.click(sheet.getByText('原样'));
  expect(sheet.getByRole('group', { name: '代码' }).textContent).toBe(body);
  expect(router.state.location.search).toBe('?state=failed&kind=message.received&event=52');
  fireEvent.click(sheet.getByRole('button', { name: '重新投递' }));
  await waitFor(() => expect(server.of(`POST ${base}/7/deliveries/52/redeliver`)).toHaveLength(1));
  fireEvent.click(screen.getByRole('button', { name: '去掉筛选：状态: 失败' }));
  await waitFor(() => expect(router.state.location.search).toBe('?kind=message.received&event=52'));
});

test('all that failed of a time is redelivered, the rest when there is more', async () => {
  const answers = [{ queued: 10_000, more: true }, { queued: 3, more: false }];
  const { server } = show('/7?range=24h', { [`GET ${base}`]: list(webhook()), [`POST ${base}/7/redeliver`]: () => ({ body: answers.shift() }) });
  fireEvent.click(await screen.findByRole('button', { name: '重新投递失败的' }));
  press('开始投递');
  await screen.findByText('10000 条已排入投递，还有更多');
  press('继续投递其余的');
  await screen.findByText('10003 条已排入投递');
  const { from, to } = server.of(`POST ${base}/7/redeliver`)[0]!.body as { from: number; to: number };
  expect(to - from).toBe(86_400_000 + 60_000);
});

test('one that is deleted leads back to the others, and its log is not asked for any more', async () => {
  let stored = [webhook()];
  const { server, router } = show('/7', {
    [`GET ${base}`]: () => ({ body: { items: stored, next_cursor: null } }),
    [`DELETE ${base}/7`]: () => {
      stored = [];
      return { status: 204 };
    },
  });
  await screen.findByText('还没有投递', { selector: 'strong' });
  await fromMenu('订单系统', '删除');
  const before = server.of(`GET ${base}/7/deliveries`).length;
  press('删除');
  await waitFor(() => expect(router.state.location.pathname).toBe('/m/wx1/webhooks'));
  await screen.findByText('还没有推送地址');
  expect(server.of(`GET ${base}/7/deliveries`)).toHaveLength(before);
});

test('who may not read all conversations is told so, and nothing is asked', async () => {
  const { server } = show('', session('desk.configure'));
  await screen.findByText('您还不能管理事件推送');
  expect(server.asked.filter((one) => one.call.includes('/webhook'))).toEqual([]);
});
