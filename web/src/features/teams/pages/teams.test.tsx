// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { TeamsPage } from './TeamsPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('teams');
});

const base = '/miniprograms/wx1';
const teams = `${base}/teams`;
const account = { id: '1', username: 'boss', display_name: '', instance_admin: true, must_change_password: false, roles: [] };
const calendar = { time_zone: 'Asia/Shanghai', days: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } };
const group = (id: string, name: string, part: object = {}) => ({ id, version: 1, name, is_default: id === '1', calendar, busy: { set: 'off', from_waiting: 0, limit_percent: 150 }, tier: 'ordinary', escalation: { waiting_minutes: 0, assigned_minutes: 0 }, agents: 1, created_at: 0, updated_at: 0, ...part });
const agent = (id: string, name: string, part: object = {}) => ({ account_id: id, username: `agent${id}`, display_name: name, version: 2, load_max: 0, skills: [], languages: [], groups: [], presence: 'online', reason: '', since: 1, ...part });
const target = { group: '7', skills: [], match_language: false, strategy: 'least_busy', last_agent_first: true, priority: 0, overflow: [] };
const rule = (id: string, name: string, part: object = {}) => ({ id, version: 1, position: 0, name, enabled: true, condition: { field: 'text', op: 'has', value: ['退款'] }, target, updated_by: 'boss', updated_at: 1, warnings: [], ...part });

const common = {
  'GET /session': () => ({ body: { csrf_token: 'c', account, permissions: {} } }),
  'GET /miniprograms': () => ({ body: { items: [{ appid: 'wx1', name: '茶叶铺' }], next_cursor: null } }),
  [`GET ${teams}/groups`]: () => ({ body: { items: [group('1', '默认客服组'), group('7', '售后组', { updated_at: 5 })], next_cursor: null } }),
  [`GET ${teams}/skills`]: () => ({ body: { items: [{ id: '3', name: '退款' }], next_cursor: null } }),
  [`GET ${teams}/settings`]: () => ({ body: { version: 1, points_per_minute: 1, presence_reasons: ['lunch', '盘点'] } }),
  [`GET ${base}/agents`]: () => ({ body: { items: [{ account_id: '9', display_name: '王芳', presence: 'online', load: 1, load_max: 5 }] } }),
};

function show(address: string, handlers: Parameters<typeof fakeServer>[0]) {
  sessionStorage.clear();
  const server = fakeServer({ ...common, ...handlers });
  const router = createMemoryRouter([{ path: '/m/:appid/teams/:section?', Component: TeamsPage }], { initialEntries: [`/m/wx1/teams${address}`] });
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

test('a group that rules go to is not deleted: the rules are named', async () => {
  const refusal = { type: '', title: '', status: 409, code: 'teams.group_in_use', rules: [{ id: '55', name: '退款' }, { id: '56', name: '换货' }] };
  show('', { [`DELETE ${teams}/groups/7`]: () => ({ status: 409, body: refusal }) });
  expect((await screen.findByText('默认客服组', { selector: 'strong' })).textContent).toBe('默认客服组');
  expect(screen.queryByRole('button', { name: '删除客服组 默认客服组' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '删除客服组 售后组' }));
  fireEvent.click(await screen.findByRole('button', { name: '删除' }));
  const link = await screen.findByRole('link', { name: '换货' });
  expect(link.getAttribute('href')).toBe('/m/wx1/teams/rules?rule=56');
});

test('what a colleague changed of an agent meanwhile is kept, and what one writes is not lost', async () => {
  let stored = agent('9', '王芳');
  const { server } = show('/agents?agent=9', {
    [`GET ${teams}/agents`]: () => ({ body: { items: [stored], next_cursor: null } }),
    [`GET ${teams}/agents/9`]: () => ({ body: stored }),
    [`PATCH ${teams}/agents/9`]: ({ body }) => {
      if ((body as { version: number }).version === 2) {
        stored = agent('9', '王芳', { version: 3, languages: ['en'] });
        return { status: 409, body: { type: '', title: '', status: 409, code: 'teams.changed' } };
      }
      stored = { ...stored, ...(body as object), version: 4 };
      return { body: stored };
    },
  });
  const limit = await screen.findByLabelText<HTMLInputElement>('最多同时接待');
  const sheet = within(screen.getByRole('dialog'));
  fireEvent.change(limit, { target: { value: '8' } });
  fireEvent.click(sheet.getByRole('button', { name: '保存' }));
  await screen.findByText(/同事刚刚改过，请看一下再保存/);
  await sheet.findByText('en');
  expect(limit.value).toBe('8');
  fireEvent.click(sheet.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(server.of(`PATCH ${teams}/agents/9`).map((one) => one.body)).toEqual([{ version: 2, load_max: 8 }, { version: 3, load_max: 8 }]));
});

test('agents are looked for by the server; more are read when asked', async () => {
  const { server } = show('/agents?group=7&presence=away', {
    [`GET ${teams}/agents`]: ({ url }) => (url.searchParams.get('cursor') ? { body: { items: [agent('10', '李雷')], next_cursor: null } } : { body: { items: [agent('9', '王芳', { presence: 'away', reason: 'lunch' })], next_cursor: 'n' } }),
  });
  await screen.findByText('离开 · 用餐');
  fireEvent.click(screen.getByRole('button', { name: '加载更多' }));
  await screen.findByRole('button', { name: '李雷' });
  expect(server.of(`GET ${teams}/agents`)).toHaveLength(2);
  expect(screen.getByText('客服组: 售后组')).toBeDefined();
});

test('a rule is moved at once, and is put back when the server refuses', async () => {
  const rules = [rule('55', '退款'), rule('56', '换货', { warnings: [{ rule: '56', kind: 'unreachable', other: '55', group: null, skill: null }] }), rule('57', '其他')];
  let refuse = () => {};
  const asked = new Promise<void>((resolve) => (refuse = resolve));
  const { server } = show('/rules', {
    [`GET ${teams}/routing-rules`]: () => ({ body: { items: rules, next_cursor: null } }),
    [`POST ${teams}/routing-rules/57/move`]: async () => {
      await asked;
      return { status: 403, body: { type: '', title: '', status: 403, code: 'identity.forbidden' } };
    },
  });
  await screen.findByText('永远轮不到它：“退款”已经先接走了它能匹配的全部会话');
  const order = () => screen.getAllByRole('switch').map((one) => one.getAttribute('aria-label'));
  fireEvent.click(screen.getByRole('button', { name: '上移 其他' }));
  await waitFor(() => expect(order()).toEqual(['启用 退款', '启用 其他', '启用 换货']));
  refuse();
  await waitFor(() => expect(order()).toEqual(['启用 退款', '启用 换货', '启用 其他']));
  expect(server.of(`POST ${teams}/routing-rules/57/move`)[0]!.body).toEqual({ before: '56' });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: '上移 退款' }).disabled).toBe(true);
});

test('a rule that is not saved is tried, by its number, and explained', async () => {
  const answer = {
    queue: { rule: '1', group: '7', priority: 0, cut: false, considered: [{ rule: '1', verdict: 'matches', compared: [{ index: 0, field: 'text', op: 'has', seen: '退款', held: true, trusted: true }] }] },
    agents: { agent: null, why: null, overflow: 0, candidates: [{ account_id: '9', obstacle: 'full', presence: 'online', skill: null, load: 5, limit: 5 }], left_out: 0 },
  };
  const { server, router } = show('/rules?rule=55', {
    [`GET ${teams}/routing-rules`]: () => ({ body: { items: [rule('55', '退款')], next_cursor: null } }),
    [`POST ${base}/routing/try`]: () => ({ body: answer }),
  });
  const name = await screen.findByLabelText<HTMLInputElement>('名称');
  fireEvent.change(name, { target: { value: '退款和换货' } });
  await screen.findByText('有未保存的修改');
  fireEvent.click(screen.getByRole('link', { name: '先模拟' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/m/wx1/teams/try'));
  fireEvent.change(await screen.findByLabelText('客户说'), { target: { value: '我要退款' } });
  fireEvent.click(screen.getByRole('button', { name: '看看会怎样' }));
  await screen.findByText('进入售后组的队列：规则“退款和换货”适用。优先级 0。');
  expect(screen.getByText('客户的消息 含有 “退款”：找到了“退款”')).toBeDefined();
  expect(screen.getByText('已满：5/5')).toBeDefined();
  const body = server.of(`POST ${base}/routing/try`)[0]!.body as { rules: object[]; texts: string[] };
  expect(body.texts).toEqual(['我要退款']);
  expect(body.rules).toEqual([{ name: '退款和换货', enabled: true, condition: { all: [{ field: 'text', op: 'has', value: ['退款'] }] }, target }]);
});

const replayed = (part: object) => ({ cut: false, moved: 0, groups: [], agents: { had: 0, fit: 0 }, changes: [], next_cursor: null, ...part });

test('a replay goes through all pages and leads to the conversations that change', async () => {
  const change = (id: string, part: object) => ({ conversation_id: id, from_group: '1', to_group: '7', rule_id: '55', agent_id: null, agent_obstacle: null, ...part });
  const { server } = show('/replay', {
    [`GET ${teams}/routing-rules`]: () => ({ body: { items: [rule('55', '退款')], next_cursor: null } }),
    [`POST ${base}/routing/replay`]: ({ body }) =>
      (body as { cursor?: string }).cursor
        ? { body: replayed({ conversations: 2, agents: { had: 2, fit: 1 }, groups: [{ group_id: '7', before: 2, after: 2 }], changes: [change('98', { from_group: '7', agent_id: '9', agent_obstacle: 'skill' })] }) }
        : { body: replayed({ conversations: 10, total: 12, moved: 1, groups: [{ group_id: '1', before: 10, after: 9 }, { group_id: '7', before: 0, after: 1 }], changes: [change('99', {})], next_cursor: '1.2.3.10' }) },
  });
  fireEvent.click(await screen.findByRole('button', { name: '开始回放' }));
  await screen.findByText('最近 7 天有 12 个会话，1 个会进入另一个组。');
  expect(server.of(`POST ${base}/routing/replay`).map((one) => one.body)).toEqual([{ days: 7 }, { days: 7, cursor: '1.2.3.10' }]);
  expect(screen.getByText('有客服接待的 2 个会话中，1 个的客服按这些规则接不到。')).toBeDefined();
  expect(screen.getByRole('link', { name: '会话 99' }).getAttribute('href')).toBe('/m/wx1/desk/workbench/99');
  expect(screen.getByText('默认客服组 → 售后组')).toBeDefined();
  expect(screen.getAllByText('按规则“退款”')).toHaveLength(2);
  expect(screen.getByText('仍然进入售后组')).toBeDefined();
  await screen.findByText('王芳接不到：缺少技能或级别不够');
});

test('a replay is stopped, and shows what it has found', async () => {
  let second = () => {};
  const { server } = show('/replay', {
    [`GET ${teams}/routing-rules`]: () => ({ body: { items: [], next_cursor: null } }),
    [`POST ${base}/routing/replay`]: async ({ body }) => {
      if ((body as { cursor?: string }).cursor) await new Promise<void>((resolve) => (second = resolve));
      return { body: replayed({ conversations: 10, total: 40, groups: [{ group_id: '1', before: 10, after: 10 }], next_cursor: 'n' }) };
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: '开始回放' }));
  await screen.findByText('10 / 40 个会话');
  fireEvent.click(screen.getByRole('button', { name: '停止' }));
  second();
  await screen.findByText('没有看完，只看了最新的 10 个。');
  expect(server.of(`POST ${base}/routing/replay`)).toHaveLength(2);
});

test('who supervises asks the simulator, and replays nothing', async () => {
  const agent = { ...account, instance_admin: false };
  const session = (part: object) => ({ 'GET /session': () => ({ body: { csrf_token: 'c', account: agent, permissions: { wx1: ['desk.read'] }, group_permissions: {}, ...part } }) });
  const { router } = show('/try', { ...session({ group_permissions: { wx1: [{ permission: 'desk.supervise', group_id: '7' }] } }), [`GET ${teams}/routing-rules`]: () => ({ body: { items: [], next_cursor: null } }) });
  await screen.findByRole('button', { name: '看看会怎样' });
  expect(screen.getByRole('link', { name: '模拟' })).toBeDefined();
  expect(screen.queryByRole('link', { name: '回放' })).toBeNull();
  await router.navigate('/m/wx1/teams/replay');
  await screen.findByText('默认客服组', { selector: 'strong' });
});
