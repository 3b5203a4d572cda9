// The page against a server: both sources on one chart, what was pulled, and why something was not.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { OfficialPage } from './OfficialPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('official');
  await loadStrings('charts');
});

const base = '/miniprograms/wx1/official';
const sources = ['performance', 'js_errors', 'logs', 'feedback', 'scenes', 'versions'];
const state = (source: string, more = {}) => ({ source, enabled: true, running: false, last_run_at: 1, last_success_at: 1_795_000_000_000, next_run_at: 1_795_100_000_000, error: null, rows: 7, ...more });
const statusOf = (more: Record<string, object> = {}, enabled = true) => ({ enabled, keep_days: 365, keep_log_days: 30, sources: sources.map((one) => state(one, more[one])) });
const list = (items: unknown[], next: string | null = null) => ({ body: { items, next_cursor: next } });
const account = { id: '1', username: 'dev', display_name: 'dev', instance_admin: false, roles: [{ appid: 'wx1', role: 'developer' }], language: 'zh', must_change_password: false };
const today = () => Math.floor((Date.now() + 28_800_000) / 86_400_000) * 86_400_000 - 28_800_000;

function open(address = '', more: Parameters<typeof fakeServer>[0] = {}) {
  const server = fakeServer({
    [`GET ${base}`]: () => ({ body: statusOf() }),
    [`GET ${base}/performance`]: () => list([{ day: '', at: today() - 86_400_000, source: 'wechat', mean: 1500, p50: null, count: null }, { day: '', at: today() - 86_400_000, source: 'miniops', mean: 1400, p50: 1200, count: 9 }]),
    [`GET ${base}/js-errors`]: () => list([{ id: '5', source: 'wechat', message: 'MiniProgramError\nTypeError: x is undefined', stack: 'at f (a.js)', events: 1234, users: 56, first_day: '2026-11-14', last_day: '2026-11-20' }]),
    [`GET ${base}/js-errors/5/events`]: () => list([{ id: '9', at: 1_795_000_000_000, release: '1.4.2', os: 'ios', base_library: '3.6.6', wechat: '8.0.53', device: 'iPhone 15', route: 'pages/a/a', openid: null }]),
    [`GET ${base}/logs`]: () => list([{ id: '3', source: 'wechat', at: 1_795_000_000_000, level: 'error', page: 'pages/cart/cart', platform: 'android', wechat: '8.0.53', base_library: '3.6.6', trace: 't', filter: '支付', openid: null, messages: [{ at: 1_795_000_000_000, level: 'error', text: '支付失败 errCode=-1' }] }]),
    [`GET ${base}/feedback`]: () => list([]),
    'GET /session': () => ({ body: { account, csrf_token: 'x', permissions: { wx1: ['telemetry.read', 'telemetry.manage'] } } }),
    ...more,
  });
  const router = createMemoryRouter([{ path: '/m/:appid/official/:section?', Component: OfficialPage }, { path: '*', element: null }], { initialEntries: [`/m/wx1/official${address}`] });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <App>
          <RouterProvider router={router} />
        </App>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  const asked = (part: string) => (globalThis.fetch as unknown as { mock: { calls: [Request][] } }).mock.calls.map(([request]) => new URL(request.url)).filter((url) => url.pathname.endsWith(part));
  return { server, router, last: (part: string) => asked(part).at(-1)!.searchParams };
}

test('both sources stand on one chart, each line named by who measured it', async () => {
  const { last } = open();
  await screen.findByText('启动总耗时：两个来源对比');
  for (const name of ['微信官方 · 平均', 'MiniOps · 平均', 'MiniOps · p50']) expect(screen.getByRole('button', { name: new RegExp(name) })).toBeTruthy();
  expect(screen.queryByRole('combobox', { name: '网络' })).toBeNull();
  fireEvent.click(screen.getByText('下载耗时'));
  await waitFor(() => expect(last('/performance').get('metric')).toBe('download'));
  expect(screen.getByRole('combobox', { name: '网络' })).toBeTruthy();
});

test('without figures it says when they come', async () => {
  open('', { [`GET ${base}/performance`]: () => list([]) });
  await screen.findByText('这段时间没有数据');
  expect(screen.getByText(/可能要等两天/)).toBeTruthy();
});

test('an error opens to its stack and some of its events', async () => {
  open('/errors');
  await screen.findByText('TypeError: x is undefined');
  expect(screen.getByText('微信官方')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: /expand|展开/i }));
  await screen.findByText('at f (a.js)');
  await screen.findByText('iPhone 15 · ios');
});

test('log lines are narrowed by level and text', async () => {
  const { last } = open('/logs');
  await screen.findByText('支付失败 errCode=-1');
  fireEvent.click(within(screen.getByRole('search')).getByText('错误'));
  await waitFor(() => expect(last('/logs').get('level')).toBe('error'));
});

test('what WeChat does not permit is said above what is there', async () => {
  open('/feedback', { [`GET ${base}`]: () => ({ body: statusOf({ feedback: { error: { errcode: 48001, text: 'api unauthorized rid: 1', at: 1_795_000_000_000 } } }) }) });
  await screen.findByText(/微信没有给这个小程序开通该接口/);
  expect(screen.getByText('errcode 48001')).toBeTruthy();
  await screen.findByText('这段时间没有用户反馈');
});

test('sources are switched and run; a source that is off cannot be run', async () => {
  const { server } = open('/sync', {
    [`GET ${base}`]: () => ({ body: statusOf({ logs: { enabled: false, next_run_at: null } }) }),
    [`PUT ${base}`]: () => ({ body: statusOf() }),
    [`POST ${base}/run`]: () => ({ body: statusOf({ scenes: { running: true } }) }),
  });
  const logs = await screen.findByRole('switch', { name: '同步实时日志' });
  expect(logs.getAttribute('aria-checked')).toBe('false');
  await screen.findByRole('button', { name: '立即同步场景' });
  expect((screen.getByRole('button', { name: '立即同步实时日志' }) as HTMLButtonElement).disabled).toBe(true);
  fireEvent.click(logs);
  await waitFor(() => expect(server.of(`PUT ${base}`)[0]?.body).toEqual({ sources: { logs: true } }));
  fireEvent.click(screen.getByRole('button', { name: '立即同步场景' }));
  await waitFor(() => expect(server.of(`POST ${base}/run`)[0]?.body).toEqual({ source: 'scenes' }));
  await screen.findByText('同步中');
});

test('switched off for the installation it says so, and nothing can be run', async () => {
  open('/sync', { [`GET ${base}`]: () => ({ body: statusOf({}, false) }) });
  await screen.findByText(/管理员关闭了官方数据同步/);
  await waitFor(() => expect((screen.getByRole('button', { name: '全部立即同步' }) as HTMLButtonElement).disabled).toBe(true));
});

test('who may not manage sees the state only', async () => {
  open('/sync', { 'GET /session': () => ({ body: { account, csrf_token: 'x', permissions: { wx1: ['telemetry.read'] } } }) });
  const logs = await screen.findByRole('switch', { name: '同步实时日志' });
  expect((logs as HTMLButtonElement).disabled).toBe(true);
  expect(screen.queryByRole('button', { name: '全部立即同步' })).toBeNull();
});
