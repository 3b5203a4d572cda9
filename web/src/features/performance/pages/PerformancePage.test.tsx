// The page against a server: a metric is chosen, narrowed, compared, a page load opened, advice read.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { PerformancePage } from './PerformancePage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('performance');
  await loadStrings('charts');
});

const base = '/miniprograms/wx1/performance';
const figures = (p75: number) => ({ p50: p75 / 2, p75, p90: p75 * 1.5, p95: p75 * 2, p99: p75 * 3 });
const limits = { good_ms: 2000, poor_ms: 5000 };
const summary = (metric: string, p75: number, before: number) => ({ metric, count: 100, quantiles: figures(p75), before: { count: 100, quantiles: figures(before) }, limits, shares: { good: 0.7, fair: 0.2, poor: 0.1 }, trend: [{ at: 1, count: 50, p75 }, { at: 2, count: 50, p75 }] });
const nothing = (metric: string) => ({ metric, count: 0, quantiles: null, before: { count: 0, quantiles: null }, limits, shares: null, trend: [] });
const row = (name: string, p75: number, more = {}) => ({ name, count: 50, share: 0.5, quantiles: figures(p75), before: { count: 50, quantiles: figures(p75) }, impact: 7_200_000, failure_share: null, phases: null, ...more });
const device = { brand: 'HUAWEI', model: 'ALN-AL00', level: '35', os: 'Android', os_version: '12', wechat: '8.0.50', base_library: '3.6.0' };
const load = { id: 'l-1', at: 1_795_000_000_000, page: 'pages/goods/detail', release: '1.4.2', reason: 'slowest', ms: 6200, entries: 2, device, network: '4g', region: '广东', scene: 1011 };
const list = (items: unknown[]) => ({ body: { items, next_cursor: null } });

const advice = (rule: string, status: string, more = {}) => ({ rule, status, evidence: [], where: [], change: [], gain: null, ...more });

const answers: Parameters<typeof fakeServer>[0] = {
  [`GET ${base}/overview`]: () => ({
    body: { from: 0, to: 1, before_from: -1, metrics: [summary('startup', 2400, 2000), summary('request', 400, 500), nothing('script')], startup_phases: [{ phase: 'package', count: 100, quantiles: figures(900), share: 0.4 }, { phase: 'other', count: 100, quantiles: null, share: 0.6 }] },
  }),
  [`GET ${base}/series`]: ({ url }) => {
    const at = Math.floor((Number(url.searchParams.get('from')) + 28_800_000) / 86_400_000 + 1) * 86_400_000 - 28_800_000;
    return { body: { metric: url.searchParams.get('metric'), interval: 'day', by: url.searchParams.get('by'), limits, items: [{ at, name: '', count: 9, quantiles: figures(2400) }], next_cursor: null } };
  },
  [`GET ${base}/distribution`]: ({ url }) => ({ body: { metric: url.searchParams.get('metric'), limits, count: 3, quantiles: figures(2400), bars: [{ from_ms: 0, to_ms: 2000, count: 2, share: 0.67 }, { from_ms: 2000, to_ms: null, count: 1, share: 0.33 }] } }),
  [`GET ${base}/breakdown`]: ({ url }) => {
    const by = url.searchParams.get('by')!;
    const items = by === 'url' ? [row('GET https://api.shop/goods/:id', 1800, { failure_share: 0.125, phases: { dns: 12, connect: 80, ssl: 50, ttfb: 1700, download: null } })] : by === 'status' ? [row('200', 300)] : [row('pages/goods/detail', 3100), row('', 900)];
    return { body: { metric: url.searchParams.get('metric'), by, limits, total: { count: 100, quantiles: figures(400) }, items, next_cursor: null } };
  },
  [`GET ${base}/compare`]: ({ url }) => {
    const side = (name: 'a' | 'b', p75: number) => ({ from: Number(url.searchParams.get(`${name}_from`)), to: Number(url.searchParams.get(`${name}_to`)), release: url.searchParams.get(`${name}_release`), count: 400, quantiles: figures(p75) });
    return {
      body: {
        metric: url.searchParams.get('metric'), limits, a: side('a', 2000), b: side('b', 2400), mean_change_ms: 300,
        differences: [{ quantile: 'p75', a_ms: 2000, b_ms: 2400, change_ms: 400, low_ms: 250, high_ms: 550, change_share: 0.2, verdict: 'worse' }],
        bars: [{ from_ms: 0, to_ms: null, a_share: 1, b_share: 1, a_count: 400, b_count: 400 }],
        moved: [{ by: 'page', name: 'pages/goods/detail', a: { count: 9, quantiles: figures(1000) }, b: { count: 9, quantiles: figures(1900) }, contribution_ms: 280, from_speed_ms: 290, from_share_ms: -10 }],
      },
    };
  },
  [`GET ${base}/heatmap`]: ({ url }) => ({ body: { metric: null, quantile: 'p75', rows: url.searchParams.get('rows'), columns: url.searchParams.get('columns'), row_names: ['ALN-AL00'], column_names: ['startup', 'request'], cells: [{ row: 'ALN-AL00', column: 'request', count: 5, value: 4000, grade: 'fair' }] } }),
  [`GET ${base}/loads`]: () => list([load]),
  [`GET ${base}/loads/l-1`]: () => ({
    body: { ...load, session: 'a1b2', page_view: 'c3', entries: [{ source: 'entry', name: 'route', type: 'navigation', label: '', start_ms: 0, duration_ms: 6200, bytes: null, failed: false }, { source: 'request', name: 'request', type: 'request', label: 'GET /goods/:id', start_ms: 300, duration_ms: 5000, bytes: null, failed: true }], left_out: 2, about: false },
  }),
  [`GET ${base}/advice`]: () =>
    list([
      advice('release_regression', 'found', { evidence: [{ name: 'change', value: 0.25, unit: 'share' }], where: [{ kind: 'release', name: '1.4.2' }], change: [{ code: 'compare_release', parameters: { release: '1.4.2', before: '1.4.1', metric: 'request' } }], gain: { ms_low: 80, ms: 120, ms_high: 160, metric: 'request', share_of_users: 0.4 } }),
      advice('large_package', 'ok', { evidence: [{ name: 'package_bytes', value: 614_400, unit: 'bytes' }] }),
      advice('long_script', 'needs_data'),
    ]),
  'GET /miniprograms/wx1/telemetry/intake': () => ({ body: { last_received_at: 1, ledger: [], kinds: [] } }),
  'GET /miniprograms/wx1/telemetry/keys': () => list([{ id: '1', key: 'mk-1', batch_url: 'https://ops.example/ingest/v1/batch', revoked_at: null }]),
  'GET /miniprograms/wx1/issues/releases': () => list([{ release: '1.4.2', first_seen_at: 2 }, { release: '1.4.1', first_seen_at: 1 }]),
};

function open(address = '', more: Parameters<typeof fakeServer>[0] = {}) {
  const server = fakeServer({ ...answers, ...more });
  const router = createMemoryRouter([{ path: '/m/:appid/performance/:section?', Component: PerformancePage }, { path: '*', element: null }], { initialEntries: [`/m/wx1/performance${address}`] });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <App>
          <RouterProvider router={router} />
        </App>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  const asked = (part: string) => (globalThis.fetch as unknown as { mock: { calls: [Request][] } }).mock.calls.map(([request]) => new URL(request.url)).filter((url) => url.pathname.endsWith(`/performance/${part}`));
  return { server, router, search: () => new URLSearchParams(router.state.location.search), last: (part: string) => asked(part).at(-1)!.searchParams };
}

test('a metric shows its p75, whether it became worse, and how many were good; a press looks at it', async () => {
  const { search, last } = open();
  const startup = await screen.findByRole('radio', { name: /^启动/ });
  expect(startup.textContent).toContain('2.4 s');
  expect(startup.textContent).toContain('慢了 20%');
  expect(startup.textContent).toContain('好 70%一般 20%差 10%');
  expect(startup.getAttribute('aria-checked')).toBe('true');
  expect(screen.getByRole('radio', { name: /^JS 执行/ }).textContent).toContain('没有数据');
  await screen.findByText('启动由哪些阶段组成');
  // The last bar has no end.
  const spread = (await screen.findByText('启动分布')).closest('figure')!;
  fireEvent.click(within(spread).getByRole('button', { name: '表格' }));
  expect(within(spread).getAllByRole('rowheader').map((one) => one.textContent)).toEqual(['0 ms – 2 s', '≥ 2 s']);
  const request = screen.getByRole('radio', { name: /^网络请求/ });
  expect(request.textContent).toContain('快了 20%');
  fireEvent.click(request);
  await screen.findByText('网络请求趋势');
  expect(search().get('metric')).toBe('request');
  expect(last('distribution').get('metric')).toBe('request');
  expect(screen.queryByText('启动由哪些阶段组成')).toBeNull();
});

test('arrow keys choose among the metrics, with one stop of the Tab key', async () => {
  const { search } = open();
  const startup = await screen.findByRole('radio', { name: /^启动/ });
  fireEvent.keyDown(startup, { key: 'ArrowRight' });
  await waitFor(() => expect(search().get('metric')).toBe('page_switch'));
  expect(document.activeElement?.textContent).toMatch(/^页面切换/);
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowLeft' });
  await waitFor(() => expect(search().has('metric')).toBe(false));
  fireEvent.keyDown(document.activeElement!, { key: 'End' });
  await waitFor(() => expect(search().get('metric')).toBe('page_load'));
  expect(screen.getAllByRole('radio').filter((one) => one.className.startsWith('perf-') && one.tabIndex === 0)).toHaveLength(1);
});

test('a value of the table narrows everything; its chip widens it again', async () => {
  const { search, last } = open();
  fireEvent.click(await screen.findByRole('button', { name: 'pages/goods/detail' }));
  await waitFor(() => expect(last('overview').get('page')).toBe('pages/goods/detail'));
  expect(search().get('page')).toBe('pages/goods/detail');
  // What has no value cannot be asked for alone.
  expect(screen.getByText('（无）').closest('button')).toBeNull();
  fireEvent.click(await screen.findByRole('button', { name: '去掉筛选：页面: pages/goods/detail' }));
  await waitFor(() => expect(search().has('page')).toBe(false));
});

test('two releases: the verdict says how sure it is; the release filter does not cut into it', async () => {
  const { last } = open('/compare?against=release&release=1.4.2');
  expect((await screen.findByText(/p75 2 s → 2\.4 s/)).textContent).toContain('+250 ms 到 +550 ms');
  expect(Object.fromEntries(last('compare'))).toMatchObject({ a_release: '1.4.1', b_release: '1.4.2', metric: 'startup' });
  expect(last('compare').has('release')).toBe(false);
  await screen.findByText('比较两个版本时不看上面的版本筛选');
  const moved = screen.getByText('什么变化最大').closest('section')!;
  expect(within(moved).getByText('+280 ms')).toBeTruthy();
  expect(within(moved).getByText('−10 ms')).toBeTruthy();
});

test('a heat map of metrics is read as a table, and a cell opens its row and metric', async () => {
  const { router, search } = open('/heatmap?rows=device&columns=metric');
  // 4 s are twice what is still good: metrics are coloured by that, not by their milliseconds.
  await screen.findByText(/≥ ×2 （“好”的上限的倍数）/);
  fireEvent.click(screen.getByRole('button', { name: '表格' }));
  fireEvent.click(screen.getByRole('button', { name: '4 s' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/m/wx1/performance'));
  expect([search().get('device'), search().get('metric')]).toEqual(['ALN-AL00', 'request']);
});

test('a page load opens as a waterfall; Escape closes it', async () => {
  const { search } = open('/loads');
  fireEvent.click(await screen.findByRole('button', { name: '查看 pages/goods/detail 的加载过程，6.2 s' }));
  const sheet = await screen.findByRole('dialog');
  await within(sheet).findByText('有 2 项不完整或太多，没有画出');
  fireEvent.click(within(sheet).getByRole('button', { name: '表格' }));
  expect(within(sheet).getByRole('row', { name: /request GET \/goods\/:id/ }).textContent).toBe('request GET /goods/:id请求 · 失败300 ms5 s');
  const logs = await within(sheet).findByRole('link', { name: '查看这次会话的日志' });
  expect(logs.getAttribute('href')).toBe(`/m/wx1/logs?query=session%3Aa1b2&from=${load.at - 1_800_000}&to=${load.at + 1_800_000}`);
  expect(search().get('load')).toBe('l-1');
  fireEvent.keyDown(sheet, { key: 'Escape' });
  await waitFor(() => expect(search().has('load')).toBe(false));
});

test('slow requests have their phases and failures, statuses are told apart; a press looks at one address', async () => {
  const { router, last } = open('/requests');
  const line = (await screen.findByText('GET https://api.shop/goods/:id')).closest('tr')!;
  expect(line.textContent).toContain('12.5%');
  expect(line.textContent).toContain('2 h');
  expect(line.textContent).toContain('DNS 12 ms · 建连 80 ms (TLS 50 ms) · 首字节 1.7 s');
  await screen.findByText('200');
  fireEvent.click(within(line).getByRole('button', { name: 'GET https://api.shop/goods/:id' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/m/wx1/performance'));
  await waitFor(() => expect(Object.fromEntries(last('distribution'))).toMatchObject({ url: 'GET https://api.shop/goods/:id', metric: 'request' }));
});

test('advice: found with evidence, gain and a way to the comparison; the rest is said to be well or unknown', async () => {
  open('/advice');
  const found = await screen.findByRole('region', { name: '新版本变慢了' });
  for (const text of ['发现问题', '预计快 80 ms – 160 ms', '25%']) expect(within(found).getByText(text)).toBeTruthy();
  expect(found.textContent).toContain('看 1.4.2 和 1.4.1 的网络请求差在哪些页面');
  expect(within(found).getByRole('link', { name: '打开对比' }).getAttribute('href')).toBe('/m/wx1/performance/compare?metric=request&against=release&a=1.4.1&b=1.4.2');
  expect(screen.getByRole('region', { name: '主包太大' }).textContent).toContain('已检查，没有问题');
  expect(screen.getByRole('region', { name: '主包太大' }).textContent).toContain('600 KB');
  expect(screen.getByRole('region', { name: '启动时执行的脚本太多' }).textContent).toContain('数据还不够');
});

test('before the first record the page says how to send one', async () => {
  open('', { [`GET ${base}/overview`]: () => ({ body: { from: 0, to: 1, before_from: -1, metrics: [nothing('startup')], startup_phases: [] } }) });
  await screen.findByText('正在等待第一条性能数据…');
  expect((await screen.findByRole('group', { name: '代码' })).textContent).toContain("key: 'mk-1'");
  expect(screen.queryByRole('radio', { name: /^启动/ })).toBeNull();
});

test('filters that leave nothing are said, and taken away', async () => {
  const { search } = open('?region=月球', { [`GET ${base}/overview`]: ({ url }) => ({ body: { from: 0, to: 1, before_from: -1, metrics: [url.searchParams.has('region') ? nothing('startup') : summary('startup', 1, 1)], startup_phases: [] } }) });
  const state = (await screen.findByText('没有符合条件的性能数据')).closest<HTMLElement>('.state')!;
  fireEvent.click(within(state).getByRole('button', { name: '清除全部筛选' }));
  await screen.findByRole('radio', { name: /^启动/ });
  expect(search().has('region')).toBe(false);
});

test('a failure is said with its code, and asked again', async () => {
  let works = false;
  open('', { [`GET ${base}/overview`]: (request) => (works ? answers[`GET ${base}/overview`]!(request) : { status: 503, body: { code: 'storage.question_too_slow', title: '', request_id: 'r-7' } }) });
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('查询超过 10 秒');
  expect(alert.textContent).toContain('storage.question_too_slow · r-7');
  works = true;
  fireEvent.click(within(alert).getByRole('button', { name: '重试' }));
  await screen.findByRole('radio', { name: /^启动/ });
});
