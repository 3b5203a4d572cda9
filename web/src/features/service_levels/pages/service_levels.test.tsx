// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { ServiceLevelsPage } from './ServiceLevelsPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('service_levels');
  await loadStrings('charts');
});

const base = '/miniprograms/wx1';
const levels = `${base}/service-levels`;
const account = { id: '1', username: 'boss', display_name: '', instance_admin: false, must_change_password: false, roles: [] };
const group = (id: string, name: string) => ({ id, version: 1, name, is_default: id === '1', updated_at: 5 });
const item = (name: string, part: object = {}) => ({ group: name, priority: null, first_answer_ms: 300_000, next_answer_ms: null, resolution_ms: 86_400_000, business: true, ...part });
const targets = (items: object[] = [], part: object = {}) => ({ version: items.length > 0 ? 3 : 0, warnings: { half_percent: 50, most_percent: 80 }, items, updated_by: items.length > 0 ? 'boss' : '', updated_at: items.length > 0 ? 1 : null, ...part });
const tally = (key: string, held: number, breached: number) => ({ key, held, breached, unanswered: 1, open: 2, share: held + breached > 0 ? held / (held + breached) : null });
const session = (...more: string[]) => ({ 'GET /session': () => ({ body: { csrf_token: 'c', account, permissions: { wx1: ['desk.read', ...more] } } }) });

const common = {
  ...session('desk.configure'),
  [`GET ${base}/teams/groups`]: () => ({ body: { items: [group('1', '默认客服组'), group('7', '售后组')], next_cursor: null } }),
  [`GET ${base}/agents`]: () => ({ body: { items: [{ account_id: '9', display_name: '王芳' }] } }),
};

function show(address: string, handlers: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer({ ...common, ...handlers });
  const router = createMemoryRouter([{ path: '/m/:appid/service-levels/:section?', Component: ServiceLevelsPage }, { path: '*', element: null }], { initialEntries: [`/m/wx1/service-levels${address}`] });
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

const saveButton = () => screen.getByRole<HTMLButtonElement>('button', { name: '保存' });

test('the first target is added, and all is saved at once', async () => {
  let stored = targets();
  const { server } = show('/targets', {
    [`GET ${levels}/targets`]: () => ({ body: stored }),
    [`PUT ${levels}/targets`]: ({ body }) => ({ body: (stored = { ...targets([item('')]), ...(body as object), version: 1 }) }),
  });
  await screen.findByText('还没有时效目标');
  expect(screen.queryByRole('button', { name: '保存' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '添加目标' }));
  fireEvent.change(await screen.findByLabelText('第 1 条 首次响应'), { target: { value: '90' } });
  fireEvent.change(screen.getByLabelText('第 1 条 首次响应 单位'), { target: { value: 'seconds' } });
  fireEvent.change(screen.getByLabelText('第 1 条 后续响应'), { target: { value: '' } });
  fireEvent.change(screen.getByLabelText('第 1 条 计时'), { target: { value: 'no' } });
  fireEvent.change(screen.getByLabelText(/第一次预警/), { target: { value: '60' } });
  expect(screen.getByText('用掉 60% 和 80% 时预警')).toBeDefined();
  expect(screen.getByText('按第 1 条：首次响应 1 分钟 30 秒，解决 24 小时 · 全部时间')).toBeDefined();
  fireEvent.click(saveButton());
  await waitFor(() => expect(server.of(`PUT ${levels}/targets`)).toHaveLength(1));
  expect(server.of(`PUT ${levels}/targets`)[0]!.body).toEqual({
    version: 0,
    warnings: { half_percent: 60, most_percent: 80 },
    items: [{ group: '', priority: null, first_answer_ms: 90_000, next_answer_ms: null, resolution_ms: 86_400_000, business: false }],
  });
  await screen.findByText('已保存，之后开始的计时按新目标');
  expect(screen.queryByText('有未保存的修改')).toBeNull();
});

test('what is wrong is said and is not saved; each step can be taken back', async () => {
  show('/targets', { [`GET ${levels}/targets`]: () => ({ body: targets([item(''), item('', { priority: 5 })]) }) });
  const priority = await screen.findByLabelText<HTMLInputElement>('第 2 条 优先级');
  fireEvent.change(priority, { target: { value: '' } });
  expect(screen.getAllByText('已有相同客服组和优先级的一条')).toHaveLength(2);
  expect(saveButton().disabled).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: '撤销' }));
  await waitFor(() => expect(priority.value).toBe('5'));
  fireEvent.change(screen.getByLabelText(/第二次预警/), { target: { value: '50' } });
  expect(screen.getByText('第二次要比第一次晚')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: '删除第 2 条' }));
  expect(screen.queryByLabelText('第 2 条 优先级')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '撤销' }));
  await screen.findByLabelText('第 2 条 优先级');
  fireEvent.click(screen.getByRole('button', { name: '放弃修改' }));
  expect(screen.getByText('用掉 50% 和 80% 时预警')).toBeDefined();
  expect(saveButton().disabled).toBe(true);
});

test('somebody was faster: both are there to look at, and nothing is lost', async () => {
  let stored = targets([item('')]);
  const { server } = show('/targets', {
    [`GET ${levels}/targets`]: () => ({ body: stored }),
    [`PUT ${levels}/targets`]: ({ body }) => {
      if ((body as { version: number }).version === 3) {
        stored = targets([item(''), item('7', { first_answer_ms: 120_000 })], { version: 4, updated_by: 'li' });
        return { status: 409, body: { type: '', title: '', status: 409, code: 'service_levels.changed' } };
      }
      return { body: { ...stored, ...(body as object), version: 5 } };
    },
  });
  const first = await screen.findByLabelText<HTMLInputElement>('第 1 条 首次响应');
  fireEvent.change(first, { target: { value: '8' } });
  fireEvent.click(saveButton());
  await screen.findByText('li 刚刚改过时效目标');
  const theirs = within(screen.getByRole('region', { name: '现在保存的目标' }));
  expect(theirs.getByText('售后组')).toBeDefined();
  expect(theirs.getByText('2 分钟')).toBeDefined();
  expect(first.value).toBe('8');
  expect(saveButton().disabled).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: '继续用我的' }));
  fireEvent.click(saveButton());
  await waitFor(() => expect(server.of(`PUT ${levels}/targets`).map((one) => (one.body as { version: number }).version)).toEqual([3, 4]));
});

test('which row holds, and why', async () => {
  show('/targets', { [`GET ${levels}/targets`]: () => ({ body: targets([item(''), item('1', { first_answer_ms: 60_000, business: false }), item('1', { priority: 5, first_answer_ms: null, resolution_ms: null })]) }) });
  await screen.findByText('按第 2 条：首次响应 1 分钟，解决 24 小时 · 全部时间');
  expect(screen.getByText('适用，第 2 条')).toBeDefined();
  expect(screen.getByText('有第 1 条，但前面的更具体')).toBeDefined();
  fireEvent.change(screen.getByLabelText('会话的优先级'), { target: { value: '5' } });
  await screen.findByText('按第 3 条：不计时');
});

test('who may not configure reads plain text', async () => {
  show('/targets', { ...session(), [`GET ${levels}/targets`]: () => ({ body: targets([item('7', { priority: 5 })]) }) });
  const table = within(await screen.findByRole('region', { name: '时效目标' }));
  for (const text of ['售后组', '优先级 5', '5 分钟', '24 小时', '工作时间', '不计时']) expect(table.getByText(text)).toBeDefined();
  expect(screen.getByText('您可以查看，修改需要“客服配置”权限。')).toBeDefined();
  expect(screen.getByText('用掉 50% 和 80% 时预警')).toBeDefined();
  expect(screen.queryByRole('button', { name: '保存' })).toBeNull();
  expect(table.queryByRole('combobox')).toBeNull();
});

test('what was kept, by kind, day, group and agent; what was not leads to its list', async () => {
  const answers: Record<string, object[]> = { kind: [tally('first_answer', 3, 1), tally('resolution', 0, 0)], day: [tally('2026-11-20', 3, 1)], group: [tally('7', 3, 1)], agent: [tally('0', 0, 1), tally('9', 3, 0)] };
  const { asked } = show('?kind=first_answer&range=30d', { [`GET ${levels}/summary`]: ({ url }) => ({ body: { by: '', from: '', to: '', items: answers[url.searchParams.get('by')!] } }) });
  await screen.findByText('首次响应 达标率');
  expect(screen.getAllByText('75%').length).toBeGreaterThan(0);
  const link = screen.getByRole('link', { name: '首次响应 超时 1 次，查看' });
  expect(link.getAttribute('href')).toBe('/m/wx1/service-levels/breaches?kind=first_answer&range=30d');
  await screen.findByText('没有人（排队中）');
  expect(screen.getByRole('link', { name: '售后组 超时 1 次，查看' }).getAttribute('href')).toBe('/m/wx1/service-levels/breaches?kind=first_answer&range=30d&group=7');
  expect(screen.queryByRole('link', { name: /没有人/ })).toBeNull();
  expect(screen.getByText('王芳')).toBeDefined();
  expect(screen.getByText('每天开始的计时')).toBeDefined();
  const questions = asked('/summary');
  expect(new Set(questions.map((one) => one.get('by')))).toEqual(new Set(['kind', 'day', 'group', 'agent']));
  for (const one of questions) expect(one.get('kind')).toBe('first_answer');
  const [from, to] = [questions[0]!.get('from')!, questions[0]!.get('to')!];
  expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(29);
});

test('without anything counted it says what comes first', async () => {
  show('', { [`GET ${levels}/summary`]: () => ({ body: { by: 'kind', from: '', to: '', items: [] } }) });
  await screen.findByText('这段时间没有计时');
  expect(screen.getByRole('link', { name: '去设定目标' }).getAttribute('href')).toBe('/m/wx1/service-levels/targets');
});

test('what is overdue leads to its conversation; more is read when asked', async () => {
  const clock = (id: string, part: object = {}) => ({ id, conversation_id: `c${id}`, kind: 'first_answer', ordinal: 1, group: '7', priority: 0, agent_id: '9', state: 'answered', level: 'breached', target_ms: 300_000, business: true, used_ms: 420_000, started_at: 1, due_at: 2, breached_at: Date.now() - 600_000, stopped_at: 3, ...part });
  const { asked, router } = show('/breaches?group=7&open=yes', {
    [`GET ${levels}/breaches`]: ({ url }) => ({ body: url.searchParams.get('cursor') ? { items: [clock('2', { kind: 'next_answer', ordinal: 3, state: 'running', used_ms: null, agent_id: null })], next_cursor: null } : { items: [clock('1')], next_cursor: 'n' } }),
  });
  expect((await screen.findByRole('link', { name: '会话 c1' })).getAttribute('href')).toBe('/m/wx1/desk/workbench/c1');
  expect(screen.getByText('7 分钟')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: '加载更多' }));
  await screen.findByText('后续响应 第 3 次');
  expect(screen.getByText('没有人（排队中）')).toBeDefined();
  const question = asked('/breaches')[0]!;
  expect([question.get('group'), question.get('open'), question.get('kind')]).toEqual(['7', 'true', null]);
  expect(Number(question.get('to')) - Number(question.get('from'))).toBe(7 * 86_400_000);
  fireEvent.click(screen.getByRole('button', { name: '去掉筛选：状态: 还在计时' }));
  await waitFor(() => expect(router.state.location.search).toBe('?group=7'));
});

test('who does not supervise is told that only their own count', async () => {
  const handlers = { [`GET ${levels}/summary`]: () => ({ body: { by: 'kind', from: '2026-11-17', to: '2026-11-23', items: [] } }) };
  show('', handlers);
  await screen.findByText(/只计您自己的会话/);
});
