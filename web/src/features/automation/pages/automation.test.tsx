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
import { AutomationPage } from './AutomationPage';

beforeAll(async () => {
  await startI18n('zh');
  for (const part of ['automation', 'teams', 'quick_replies'] as const) await loadStrings(part);
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

const base = '/miniprograms/wx1';
const rulesPath = `${base}/automation-rules`;
const logPath = `${base}/automation-log`;
const account = { id: '1', username: 'wang', display_name: '王芳', instance_admin: false, must_change_password: false, roles: [] };
const session = (...more: string[]) => ({ 'GET /session': () => ({ body: { csrf_token: 'c', account, permissions: { wx1: ['desk.read', ...more] } } }) });
const text = { field: 'text', op: 'has', value: ['退款'] };
const rule = (id: string, name: string, part: object = {}) => ({ id, version: 3, position: 0, name, enabled: true, when: { event: 'opened', score_max: 5 }, condition: text, actions: [{ kind: 'send_text', text: '您好，请稍候' }, { kind: 'add_tag', tag: '退款' }], paused_at: null, warnings: [], updated_by: 'boss', updated_at: 1, ...part });
const waits = rule('6', '等久了', { when: { event: 'waiting', minutes: 10 }, condition: null, actions: [{ kind: 'notify_supervisor', text: '等了 10 分钟' }] });
const entry = (id: string, part: object = {}) => ({ id, at: Date.now(), rule_id: '5', rule_name: '退款', conversation_id: '99', event: 'opened', outcome: 'fired', actions: [], compared: [], ...part });
const list = (...items: object[]) => () => ({ body: { items, next_cursor: null } });
const refused = (status: number, code: string) => ({ status, body: { type: '', title: '', status, code } });

const common = {
  ...session('desk.configure'),
  'GET /miniprograms': list({ appid: 'wx1', name: '茶叶铺' }),
  [`GET ${base}/quick-replies`]: list(),
  [`GET ${base}/agents`]: list(),
  [`GET ${base}/teams/groups`]: list(),
  [`GET ${rulesPath}`]: list(rule('5', '退款'), waits),
};

function show(address: string, handlers: Parameters<typeof fakeServer>[0] = {}) {
  vi.stubGlobal('WebSocket', Socket);
  const server = fakeServer({ ...common, ...handlers });
  const router = createMemoryRouter([{ path: '/m/:appid/automation/:section?', Component: AutomationPage }, { path: '*', element: null }], { initialEntries: [`/m/wx1/automation${address}`] });
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
  return { server, router };
}

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

test('each rule says when, if and then; a move is put back when the server refuses', async () => {
  let refuse = () => {};
  const asked = new Promise<void>((resolve) => (refuse = resolve));
  const { server } = show('', {
    [`POST ${rulesPath}/6/move`]: async () => {
      await asked;
      return refused(404, 'automation.not_found');
    },
  });
  await screen.findByText('客户等了 10 分钟还没有人回复');
  for (const words of ['会话开始', '客户的消息 含有 “退款”', '所有会话', '发送“您好，请稍候”', '添加标签“退款”', '通知主管“等了 10 分钟”']) expect(screen.getByText(words), words).toBeDefined();
  const order = () => screen.getAllByRole('switch').map((one) => one.getAttribute('aria-label'));
  fireEvent.click(button('上移 等久了'));
  await waitFor(() => expect(order()).toEqual(['启用 等久了', '启用 退款']));
  refuse();
  await waitFor(() => expect(order()).toEqual(['启用 退款', '启用 等久了']));
  expect(server.of(`POST ${rulesPath}/6/move`)[0]!.body).toEqual({ before: '5' });
});

test('one is written, tried on what was, and saved', async () => {
  const tried = (conversation_id: string, nickname: string, part: object) => ({ conversation_id, nickname, opened_at: 1, events: 1, firings: 0, fired_at: null, compared: [], ...part });
  const { server } = show('?rule=new', {
    [`POST ${rulesPath}`]: ({ body }) => ({ status: 201, body: { ...rule('7', ''), ...(body as object) } }),
    [`POST ${rulesPath}/dry-run`]: () => ({
      body: { conversations: 2, fired: 1, firings: 3, warnings: [{ kind: 'matches_everything', action: null }], items: [tried('98', '小鹿', { compared: [{ index: 0, field: 'text', op: 'has', key: '', held: false }] }), tried('99', '林小满', { events: 4, firings: 3, fired_at: 2 })] },
    }),
  });
  fireEvent.change(await screen.findByLabelText('名称'), { target: { value: ' 安抚 ' } });
  const sheet = within(screen.getByRole('dialog'));
  fireEvent.click(sheet.getByText('所有会话'));
  expect(button('保存').disabled).toBe(true);
  expect(button('试运行').disabled).toBe(true);
  fireEvent.click(button('添加操作'));
  fireEvent.click(await screen.findByRole('menuitem', { name: '通知主管' }));
  fireEvent.change(sheet.getByLabelText('通知主管'), { target: { value: '看一下' } });
  fireEvent.click(button('试运行'));
  await screen.findByText('最近 2 个会话里，会在 1 个执行，一共 3 次');
  expect(sheet.getByRole('link', { name: '林小满' }).getAttribute('href')).toBe('/m/wx1/desk/workbench/99');
  expect(sheet.getByText('没有条件限制：每次“客户来信”都会执行')).toBeDefined();
  fireEvent.click(sheet.getByText('不会执行（1）'));
  expect(sheet.getByText('客户的消息 含有')).toBeDefined();
  fireEvent.change(sheet.getByLabelText('通知主管'), { target: { value: '请看一下' } });
  expect(sheet.getByText('规则已改动，请再试一次。')).toBeDefined();
  fireEvent.click(button('保存'));
  const body = { name: '安抚', enabled: true, when: { event: 'message_received' }, condition: null, actions: [{ kind: 'notify_supervisor', text: '请看一下' }] };
  await waitFor(() => expect(server.of(`POST ${rulesPath}`).map((one) => one.body)).toEqual([body]));
  await waitFor(() => expect(screen.queryByLabelText('名称')).toBeNull());
});

test('what a colleague changed meanwhile is said, and only what one changed is saved', async () => {
  let stored = rule('5', '退款');
  const { server, router } = show('?rule=5', {
    [`GET ${rulesPath}`]: () => ({ body: { items: [stored] } }),
    [`PATCH ${rulesPath}/5`]: ({ body }) => {
      if ((body as { version: number }).version === 3) {
        stored = rule('5', '退款', { version: 4, enabled: false, updated_by: '李雷' });
        return refused(409, 'automation.changed');
      }
      return { body: { ...stored, ...(body as object), version: 5 } };
    },
  });
  fireEvent.change(await screen.findByLabelText('名称'), { target: { value: '退款和退货' } });
  fireEvent.click(button('保存'));
  await screen.findByText(/李雷 在您修改期间改过这条规则/);
  fireEvent.click(button('保存'));
  await waitFor(() => expect(server.of(`PATCH ${rulesPath}/5`).map((one) => one.body)).toEqual([3, 4].map((version) => ({ version, name: '退款和退货' }))));
  await waitFor(() => expect(router.state.location.search).toBe(''));
});

test('a sheet with something unsaved asks before it forgets', async () => {
  const { router } = show('?rule=5');
  fireEvent.change(await screen.findByLabelText('名称'), { target: { value: '换货' } });
  fireEvent.click(button('取消'));
  fireEvent.click(await screen.findByRole('button', { name: '放弃修改' }));
  await waitFor(() => expect(router.state.location.search).toBe(''));
});

test('a rule that was paused is seen at once, and resumed', async () => {
  let stored = rule('5', '退款', { warnings: [{ kind: 'broken', action: 0 }] });
  const { server } = show('', { [`GET ${rulesPath}`]: () => ({ body: { items: [stored] } }), [`PATCH ${rulesPath}/5`]: () => ({ body: (stored = rule('5', '退款', { version: 5 })) }) });
  await screen.findByText('第 1 个操作用到的内容已删除，执行时会被拒绝');
  stored = rule('5', '退款', { version: 4, paused_at: 1000 });
  act(() => Socket.last.onmessage?.({ data: JSON.stringify({ type: 'change', appid: 'wx1', seq: 1, topic: 'automation', data: { kind: 'paused' } }) }));
  fireEvent.click(await screen.findByRole('button', { name: '恢复 退款' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: '恢复 退款' })).toBeNull());
  expect(server.of(`PATCH ${rulesPath}/5`).map((one) => one.body)).toEqual([{ version: 4, enabled: true }]);
});

test('a rule is deleted after a question', async () => {
  const { server } = show('', { [`DELETE ${rulesPath}/5`]: () => ({ status: 204 }) });
  fireEvent.click(await screen.findByRole('button', { name: '删除 退款' }));
  await screen.findByText('删除后不能恢复；它的执行记录还在。');
  fireEvent.click(screen.getByRole('button', { name: '删除' }));
  await waitFor(() => expect(server.of(`DELETE ${rulesPath}/5`)).toHaveLength(1));
});

test('the log says what was done, what was refused and why not; the address holds its filters', async () => {
  const compared = [{ index: 0, field: 'text', op: 'has', key: '', held: false }];
  const queries: string[] = [];
  const { router } = show('/log?outcome=fired', {
    [`GET ${logPath}`]: ({ url }) => {
      queries.push(url.searchParams.toString());
      if (url.searchParams.get('outcome')) return { body: { items: [entry('1', { actions: [{ kind: 'send_text', result: 'refused', code: 'automation.too_many_messages' }, { kind: 'add_tag', result: 'done', code: null }, { kind: 'park', result: 'refused', code: 'desk.unheard_of' }] })], next_cursor: null } };
      return { body: { items: [entry('2', { outcome: 'not_matched', compared }), entry('3', { rule_id: '77', rule_name: '从前', outcome: 'paused' })], next_cursor: null } };
    },
  });
  await screen.findByText(/客户上次来信后，规则已经发了 3 条消息/);
  expect(screen.getByText('desk.unheard_of')).toBeDefined();
  expect(screen.getByRole('link', { name: '会话 99' }).getAttribute('href')).toBe('/m/wx1/desk/workbench/99');
  expect(screen.getByRole('img', { name: '完成' })).toBeDefined();
  fireEvent.click(button('去掉筛选：结果: 已执行'));
  await screen.findByText('客户的消息 含有 “退款”');
  expect(screen.getByRole('img', { name: '不符合' })).toBeDefined();
  expect(screen.getByText('从前').tagName).toBe('STRONG');
  expect(screen.getByText('已删除')).toBeDefined();
  fireEvent.click(screen.getAllByRole('button', { name: '只看这个会话 99' })[0]!);
  await waitFor(() => expect(router.state.location.search).toBe('?conversation=99'));
  await waitFor(() => expect(queries).toEqual(['outcome=fired&limit=50', 'limit=50', 'conversation_id=99&limit=50']));
});

test('who may not configure reads the rules, and not the log', async () => {
  show('/log', session());
  await screen.findByText('客户等了 10 分钟还没有人回复');
  expect(screen.getByText('您可以查看，修改需要“客服配置”权限。')).toBeDefined();
  expect(screen.queryByRole('navigation')).toBeNull();
  for (const name of [/新建/, /编辑/, /上移/, /删除/]) expect(screen.queryByRole('button', { name })).toBeNull();
});
