// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { ReportsPage } from './ReportsPage';
import { WallboardPage } from './WallboardPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('reports');
  await loadStrings('charts');
});
afterEach(() => void vi.useRealTimers());

const base = '/miniprograms/wx1';
const reports = `${base}/desk/reports`;
const account = { id: '1', username: 'boss', display_name: '', instance_admin: false, must_change_password: false, roles: [] };
const session = (...more: string[]) => ({ 'GET /session': () => ({ body: { csrf_token: 'c', account, permissions: { wx1: ['desk.read', ...more] } } }) });
const group = (id: string, name: string) => ({ id, version: 1, name, is_default: id === '1', updated_at: 5 });
const list = (items: object[]) => ({ body: { items, next_cursor: null } });

const common = {
  ...session('desk.supervise', 'desk.export'),
  'GET /miniprograms': () => list([{ appid: 'wx1', name: '茶铺' }, { appid: 'wx2', name: '花店' }]),
  [`GET ${base}/teams/groups`]: () => list([group('1', '默认客服组'), group('7', '售后组')]),
  [`GET ${base}/agents`]: () => list([{ account_id: '9', display_name: '王芳', presence: 'online', load: 2, load_max: 5, since: null }]),
};

const time = (part: object = {}) => ({ count: 0, mean_ms: null, median_ms: null, p90_ms: null, missed: 0, open: 0, ...part });
const share = (part: object = {}) => ({ count: 0, hits: 0, share: null, open: 0, ...part });
const figures = (part: object = {}) => ({
  conversations: { count: 12 }, reopened: { count: 1 }, transfers: { count: 0 },
  first_reaction: time(), first_answer: time({ count: 9, mean_ms: 95_000, median_ms: 62_000, p90_ms: 240_000, missed: 2 }), response: time({ missed: 3 }), wait: time({ missed: 1 }), handling: time(),
  resolution: share({ count: 4, hits: 3, share: 0.75 }), first_contact: share(), satisfaction: { ...share(), mean: null, missed: 0, answer_rate: null },
  ...part,
});
const answer = (part: object = {}) => ({ body: { time_zone: 'Asia/Shanghai', from: 1, to: 2, pending: 0, rebuilding: false, totals: figures(), rows: [], ...part } });
const asked5 = { satisfaction: { count: 5, hits: 4, share: 0.8, open: 0, mean: 4.2, missed: 15, answer_rate: 0.25 } };

function show(address: string, handlers: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer({ ...common, ...handlers });
  const routes = [{ path: '/m/:appid/reports/:section?', Component: ReportsPage }, { path: '/m/:appid/reports/wallboard', Component: WallboardPage }, { path: '*', element: null }];
  const router = createMemoryRouter(routes, { initialEntries: [`/m/wx1/reports${address}`] });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <AntdApp>
          <RouterProvider router={router} />
        </AntdApp>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  const asked = (part: string) => (globalThis.fetch as unknown as { mock: { calls: [Request][] } }).mock.calls.map(([request]) => new URL(request.url)).filter((url) => url.pathname.endsWith(part)).map((url) => url.searchParams);
  return { server, router, asked };
}
const href = (name: string) => screen.getByRole('link', { name }).getAttribute('href');

test('the chief figures, each with the way to its conversations', async () => {
  const { asked } = show('?range=30d&group=7', { [`GET ${reports}/figures`]: () => answer() });
  await screen.findByRole('heading', { name: /^首次人工响应/ });
  expect(href('首次人工响应 中位数 1 分钟 2 秒，查看会话')).toBe('/m/wx1/reports/conversations?range=30d&group=7&metric=first_answer&part=counted&order=largest');
  expect(href('首次人工响应 没有人工响应 2，查看会话')).toBe('/m/wx1/reports/conversations?range=30d&group=7&metric=first_answer&part=missed');
  expect(href('会话量 12，查看会话')).toBe('/m/wx1/reports/conversations?range=30d&group=7');
  expect(screen.getByRole('link', { name: '首次人工响应 平均 1 分钟 35 秒，查看会话' })).toBeDefined();
  // Customers are not asked: nothing is said of their satisfaction.
  expect(screen.queryByRole('heading', { name: /满意度/ })).toBeNull();
  expect(screen.queryByText(/数字还不完整/)).toBeNull();
  await screen.findByText('首次人工响应的变化');
  const [whole, daily] = asked('/figures');
  expect([whole!.get('group_id'), whole!.get('interval'), daily!.get('interval')]).toEqual(['7', null, 'day']);
  expect(Number(whole!.get('to')) - Number(whole!.get('from'))).toBe(30 * 86_400_000);
});

test('a score never stands without its answer rate; what a figure counts is told', async () => {
  show('', { [`GET ${reports}/figures`]: () => answer({ totals: figures(asked5) }) });
  const card = within((await screen.findByRole('heading', { name: /^满意度/ })).closest('section')!);
  for (const text of ['80%', '参评率', '25%', '4.20']) expect(card.getByText(text)).toBeDefined();
  fireEvent.click(card.getByRole('button', { name: '满意度怎么算' }));
  await screen.findByText(/收到的评分里 4 分和 5 分的占比/);
});

test('until all is counted it says so, and asks again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let pending = 3;
  show('', { [`GET ${reports}/figures`]: () => answer({ pending }) });
  await screen.findByText('数字还不完整：还有 3 处变化没有计入');
  pending = 0;
  await vi.advanceTimersByTimeAsync(6000);
  await waitFor(() => expect(screen.queryByText(/数字还不完整/)).toBeNull());
});

test('by agent: what is nobody’s leads to its conversations, too; time online stands below', async () => {
  const { router, asked } = show('/agents?view=outcome', {
    [`GET ${reports}/figures`]: () => answer({ rows: [{ agent_id: '9', name: '王芳', figures: figures(asked5) }, { agent_id: null, name: '', figures: figures() }] }),
    [`GET ${reports}/agents`]: () => list([{ agent_id: '9', name: '王芳', online_ms: 7_200_000, busy_ms: 0, away_ms: 600_000, load: 0.5, figures: figures() }]),
  });
  const table = within(await screen.findByRole('region', { name: '各位客服' }));
  expect(table.getByRole('link', { name: '王芳 解决率 占比 75%，查看会话' }).getAttribute('href')).toBe('/m/wx1/reports/conversations?view=outcome&agent=9&metric=resolution&part=counted');
  expect(table.getByRole('link', { name: '合计 会话量 12，查看会话' })).toBeDefined();
  expect(table.getByText('没有人（排队中）')).toBeDefined();
  expect(table.getByRole('link', { name: '没有人（排队中） 解决率 占比 75%，查看会话' }).getAttribute('href')).toBe('/m/wx1/reports/conversations?view=outcome&agent=none&metric=resolution&part=counted');
  const times = within(await screen.findByRole('region', { name: '在线时长与负载' }));
  expect([times.getByText('2 小时'), times.getByText('0.50')]).toHaveLength(2);
  expect(asked('/figures')[0]!.get('by')).toBe('agent');
  fireEvent.click(screen.getByText('响应', { selector: '.ant-segmented-item-label' }));
  await waitFor(() => expect(router.state.location.search).toBe(''));
});

test('time online of more than a month is not asked for', async () => {
  const { asked } = show('/agents?range=90d', { [`GET ${reports}/figures`]: () => answer({ rows: [{ agent_id: '9', name: '王芳', figures: figures() }] }) });
  await screen.findByText('在线时长最多看 31 天，请缩短时间。');
  expect(asked('/reports/agents')).toEqual([]);
});

test('mini programs side by side, for who supervises', async () => {
  show('/programs', { 'GET /desk/reports/miniprograms': () => list([{ appid: 'wx2', name: '花店', time_zone: 'Asia/Shanghai', totals: figures() }]) });
  const link = await screen.findByRole('link', { name: '花店' });
  expect(link.getAttribute('href')).toMatch(/^\/m\/wx2\/reports\?from=\d+&to=\d+$/);
  expect(href('花店 会话量 12，查看会话')).toMatch(/^\/m\/wx2\/reports\/conversations\?from=\d+&to=\d+$/);
});

test('who does not supervise reads what is seen, and no other mini programs', async () => {
  show('', { ...session(), [`GET ${reports}/figures`]: () => answer() });
  await screen.findByText(/没有“督导”权限时只看得到自己的数据/);
  await screen.findByRole('heading', { name: /^会话量/ });
  expect(screen.queryByRole('link', { name: '小程序' })).toBeNull();
  expect(screen.queryByRole('button', { name: /^导出/ })).toBeNull();
});

test('the conversations behind a figure: a line for each part of it, more when asked', async () => {
  const conversation = (id: string, ...samples: object[]) => ({ conversation_id: id, opened_at: 1_790_000_000_000, samples: samples.map((one) => ({ state: 'counted', value: 91_000, at: 1_790_000_000_000, agent_id: '9', group_id: '7', ...one })) });
  const { router, asked } = show('/conversations?metric=response&agent=9', {
    [`GET ${reports}/conversations`]: ({ url }) => ({ body: url.searchParams.get('cursor') ? { items: [conversation('2', { state: 'open', value: null, agent_id: null })], next_cursor: null } : { items: [conversation('1', {}, { state: 'missed', value: null })], next_cursor: 'n' } }),
  });
  expect((await screen.findByRole('link', { name: '会话 1' })).getAttribute('href')).toBe('/m/wx1/desk/workbench/1');
  const table = within(screen.getByRole('region', { name: '响应时长：会话' }));
  expect(table.getByText('1 分钟 31 秒')).toBeDefined();
  expect(table.getByText('没有回复')).toBeDefined();
  expect(table.getAllByText('王芳')).toHaveLength(2);
  fireEvent.click(screen.getByRole('button', { name: '加载更多' }));
  await table.findByText('还在等');
  expect(table.getByText('没有人（排队中）')).toBeDefined();
  const question = asked('/reports/conversations')[0]!;
  expect([question.get('metric'), question.get('part'), question.get('agent_id')]).toEqual(['response', 'all', '9']);
  fireEvent.click(screen.getByRole('button', { name: '去掉筛选：客服: 王芳' }));
  await waitFor(() => expect(router.state.location.search).toBe('?metric=response'));
});

test('what is nobody’s is asked for by that', async () => {
  const { asked } = show('/conversations?metric=wait&agent=none', { [`GET ${reports}/conversations`]: () => list([]) });
  await screen.findByRole('button', { name: '去掉筛选：客服: 没有人（排队中）' });
  await waitFor(() => expect(asked('/reports/conversations')[0]?.get('agent_id')).toBe('none'));
});

test('what is shown is exported as the server writes it', async () => {
  const saved = vi.fn(() => 'blob:1');
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: saved, revokeObjectURL: () => {} }));
  const { server, asked } = show('/groups?range=30d', { [`GET ${reports}/figures`]: () => answer({ rows: [{ group_id: '7', name: '售后组', figures: figures() }] }), [`GET ${reports}/figures/export`]: () => ({ body: 'from,id' }) });
  await screen.findByRole('region', { name: '各客服组' });
  const take = async (format: string) => {
    fireEvent.click(screen.getByRole('button', { name: '导出' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: format }));
  };
  await take('CSV');
  await waitFor(() => expect(saved).toHaveBeenCalledTimes(1));
  await take('Excel（.xlsx）');
  await waitFor(() => expect(saved).toHaveBeenCalledTimes(2));
  expect(server.of(`GET ${reports}/figures/export`)).toHaveLength(2);
  expect(asked('/figures/export').map((one) => [one.get('by'), one.get('format')])).toEqual([['group', 'csv'], ['group', 'xlsx']]);
});

test('agents’ times and mini programs are exported, too', async () => {
  const saved = vi.fn(() => 'blob:1');
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: saved, revokeObjectURL: () => {} }));
  const { asked, router } = show('/agents', {
    [`GET ${reports}/figures`]: () => answer({ rows: [{ agent_id: '9', name: '王芳', figures: figures() }] }),
    [`GET ${reports}/agents`]: () => list([]),
    [`GET ${reports}/agents/export`]: () => ({ body: 'agent_id' }),
    'GET /desk/reports/miniprograms': () => list([]),
    'GET /desk/reports/miniprograms/export': () => ({ body: 'appid' }),
  });
  const take = async (name: string) => {
    fireEvent.click(await screen.findByRole('button', { name }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Excel（.xlsx）' }));
  };
  await take('导出时长');
  await waitFor(() => expect(asked('/agents/export')[0]?.get('format')).toBe('xlsx'));
  await router.navigate('/m/wx1/reports/programs');
  await screen.findByText('没有您督导的小程序。');
  await take('导出');
  await waitFor(() => expect(asked('/miniprograms/export')[0]?.get('format')).toBe('xlsx'));
  await waitFor(() => expect(saved).toHaveBeenCalledTimes(2));
});

test('values that ended since: the chip goes, and with it what it held back', async () => {
  const { router, asked } = show('/conversations?metric=response&part=counted&ended=1790000000000', { [`GET ${reports}/conversations`]: () => list([]) });
  await screen.findByText('没有这样的会话');
  expect(asked('/reports/conversations')[0]!.get('ended_from')).toBe('1790000000000');
  fireEvent.click(screen.getByRole('button', { name: /以后结束的/ }));
  await waitFor(() => expect(router.state.location.search).toBe('?metric=response&part=counted'));
  expect(asked('/reports/conversations').at(-1)!.get('ended_from')).toBeNull();
});

test('the wallboard keeps its screen when the server is away, and says since when', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let away = false;
  const board = (waiting: number) => ({ at: Date.now(), waiting, longest_wait_ms: 65_000, open: 4, agents: { online: 1, busy: 0, away: 2 }, groups: [{ group_id: '7', name: '售后组', waiting, longest_wait_ms: 65_000, open: 4 }], today: { opened: 30, answered: 80 }, last_hour: { first_answer: time(), response: time(), wait: time() } });
  const { asked } = show('/wallboard', {
    [`GET ${reports}/wallboard`]: () => (away ? 'unreachable' : { body: board(2) }),
    [`GET ${reports}/figures`]: () => answer(),
    [`GET ${base}/service-levels/summary`]: () => list([{ key: 'first_answer', held: 9, breached: 1 }, { key: 'resolution', held: 9, breached: 1 }]),
  });
  const tile = (name: string) => within(screen.getByRole('heading', { name }).closest('section')!);
  await screen.findByRole('heading', { name: '排队中' });
  expect(tile('排队中').getByText('2')).toBeDefined();
  expect(tile('最长等待').getByText(/^1:0\d$/)).toBeDefined();
  expect(tile('在线客服').getByText('忙碌 0 · 离开 2')).toBeDefined();
  await waitFor(() => expect(tile('今天服务时效达标率').getByText('90%')).toBeDefined());
  expect(tile('今天首次人工响应').getByText('1 分钟 2 秒')).toBeDefined();
  expect([tile('今天没有回复').getByText('3'), tile('今天没有回复').getByText('排队放弃 1')]).toHaveLength(2);
  expect(tile('接待负载').getByText('40%')).toBeDefined();
  // Each number leads to its conversations.
  expect(href('排队中 2，查看会话')).toBe('/m/wx1/desk/live?show=nobody');
  expect(href('售后组 未结束 4，查看会话')).toBe('/m/wx1/desk/live?group=7');
  expect(href('王芳 接待负载 2/5，查看会话')).toBe('/m/wx1/desk/live?agent=9');
  expect(href('今天没有回复 3，查看会话')).toMatch(/^\/m\/wx1\/reports\/conversations\?from=\d+&to=\d+&metric=response&part=missed$/);
  expect(href('已回复 80 轮')).toMatch(/&metric=response&part=counted&ended=\d+$/);
  expect(href('平均 1 分钟 35 秒')).toMatch(/&metric=first_answer&part=counted&order=largest$/);
  expect(href('超时 2')).toMatch(/^\/m\/wx1\/service-levels\/breaches\?from=/);
  expect(screen.queryByRole('link', { name: /最近一小时/ })).toBeNull();
  const before = asked('/wallboard').length;
  away = true;
  await vi.advanceTimersByTimeAsync(6000);
  await screen.findByText(/^连不上服务器，请检查网络；画面停在/);
  expect(tile('排队中').getByText('2')).toBeDefined();
  expect(asked('/wallboard').length).toBeGreaterThan(before);
  away = false;
  await vi.advanceTimersByTimeAsync(6000);
  await waitFor(() => expect(screen.queryByText(/画面停在/)).toBeNull());
});
