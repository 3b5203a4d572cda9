// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { setSession, type Session } from '@/shared/session/session';
import { SatisfactionPage } from './SatisfactionPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('satisfaction');
  await loadStrings('charts');
});

const base = '/miniprograms/wx1';
const api = `${base}/satisfaction`;
const account = { id: '9', username: 'fang', display_name: '王芳', instance_admin: false, must_change_password: false, roles: [] };
const everything = ['desk.reply', 'desk.configure', 'desk.supervise'];
const settings = (part: object = {}) => ({
  enabled: true,
  form: 'text',
  texts: [{ language: 'zh', text: '请回复 1–5' }, { language: 'en', text: 'Reply 1–5' }],
  language: 'zh',
  words: [{ word: '好', score: 5 }],
  card: { page: '', picture_id: '' },
  anonymous: false,
  follow_up: { score_max: 2, owner: 'agent', account_id: null, due_hours: 24 },
  ...part,
});
const figures = (key: string, part: object = {}) => ({ key, closed: 20, askable: 16, asked: 12, delivered: 10, answered: 5, scores: { '1': 1, '2': 0, '3': 1, '4': 1, '5': 2 }, satisfaction: 0.6, answer_rate: 0.5, ...part });
const result = (id: string, part: object = {}) => ({ id, conversation_id: `c${id}`, profile_id: 'p1', agent_id: '9', group_id: '7', day: '2026-11-21', form: 'text', score: 2, comment: '等太久了', comment_masked: false, asked_at: 1, answered_at: 2, ...part });
const followUp = (id: string, part: object = {}) => ({ id, version: 1, state: 'open', owner_id: null, due_at: Date.now() - 3_600_000, note: '', opened_at: 1, done_at: null, done_by: '', result: result(id), ...part });
const list = (...items: object[]) => ({ items, next_cursor: null });

const common = {
  [`GET ${base}/teams/groups`]: () => ({ body: list({ id: '7', version: 1, name: '售后组', is_default: false, updated_at: 5 }) }),
  [`GET ${base}/agents`]: () => ({ body: { items: [{ account_id: '9', display_name: '王芳' }, { account_id: '8', display_name: '李雷' }] } }),
  [`GET ${api}/settings`]: () => ({ body: settings() }),
  [`GET ${api}/funnel`]: ({ url }: { url: URL }) => ({ body: { by: url.searchParams.get('by'), whole_weeks: false, total: figures(''), items: url.searchParams.get('by') === 'day' ? [figures('2026-11-21')] : [figures('9'), figures('0', { closed: 3, satisfaction: null, answer_rate: null })] } }),
  [`GET ${api}/results`]: () => ({ body: list(result('1')) }),
};

// The frame around pages knows who is signed in.
function show(address: string, handlers: Parameters<typeof fakeServer>[0] = {}, permissions = everything) {
  const server = fakeServer({ ...common, ...handlers });
  const client = makeQueryClient();
  setSession(client, { csrf_token: 'c', account, permissions: { wx1: ['desk.read', ...permissions] } } as unknown as Session);
  const router = createMemoryRouter([{ path: '/m/:appid/satisfaction/:section?', Component: SatisfactionPage }, { path: '*', element: null }], { initialEntries: [`/m/wx1/satisfaction${address}`] });
  render(
    <QueryClientProvider client={client}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <AntdApp>
          <RouterProvider router={router} />
        </AntdApp>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  const asked = (part: string) => (globalThis.fetch as unknown as { mock: { calls: [Request][] } }).mock.calls.map(([request]) => new URL(request.url)).filter((url) => url.pathname.endsWith(part)).map((url) => Object.fromEntries(url.searchParams));
  return { server, router, asked };
}

test('a comment with a number is shown whole to who may see it', async () => {
  const masked = () => ({ body: list(result('1', { comment: '请打138****5678', comment_masked: true }), result('2')) });
  const { server } = show('', { [`GET ${api}/results`]: masked, [`POST ${api}/results/1/reveal`]: () => ({ body: { value: '请打13812345678' } }) }, [...everything, 'personal_data.read']);
  await screen.findByText('请打138****5678');
  const [button, ...others] = screen.getAllByRole('button', { name: '显示完整的留言' });
  expect(others).toEqual([]);
  fireEvent.click(button!);
  await screen.findByText('请打13812345678');
  expect(screen.queryByRole('button', { name: '显示完整的留言' })).toBeNull();
  expect(server.of(`POST ${api}/results/1/reveal`)).toHaveLength(1);
});

test('who may not see numbers is offered none', async () => {
  show('', { [`GET ${api}/results`]: () => ({ body: list(result('1', { comment: '请打138****5678', comment_masked: true })) }) });
  await screen.findByText('请打138****5678');
  expect(screen.queryByRole('button', { name: '显示完整的留言' })).toBeNull();
});

test('the share of the content stands beside how many answered, and each score leads to its conversation', async () => {
  const { router, asked } = show('?group=7');
  await screen.findByText('每一个评价');
  for (const text of ['60%', '50%', '4–5 分所占的比例；只有 5 个评价，仅供参考', '送达 10 个，评价 5 个']) expect(screen.getAllByText(text).length).toBeGreaterThan(0);
  expect((await screen.findByRole('link', { name: '会话 c1' })).getAttribute('href')).toBe('/m/wx1/desk/workbench/c1');
  await screen.findByText('没有客服');
  expect(asked('/funnel').every((one) => one.group === '7')).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: /^1 分 非常不满意/ }));
  await waitFor(() => expect(asked('/results').at(-1)).toMatchObject({ group: '7', score: '1' }));
  expect(router.state.location.search).toBe('?group=7&score=1');
  fireEvent.click(screen.getByRole('checkbox', { name: '只看有留言的' }));
  await waitFor(() => expect(asked('/results').at(-1)).toMatchObject({ score: '1', with_comment: 'true' }));
  fireEvent.click(screen.getByRole('button', { name: '王芳' }));
  await waitFor(() => expect(asked('/funnel').at(-1)).toMatchObject({ agent: '9', group: '7' }));
});

test('while scores are anonymous, who does not supervise sees whole weeks and asks for nothing else', async () => {
  const week = figures('2026-11-16');
  const { asked } = show('', {
    [`GET ${api}/settings`]: () => ({ body: settings({ anonymous: true, enabled: false }) }),
    [`GET ${api}/funnel`]: ({ url }: { url: URL }) => ({ body: { by: url.searchParams.get('by'), whole_weeks: true, total: week, items: [url.searchParams.get('by') === 'day' ? week : figures('9')] } }),
  });
  expect((await screen.findAllByText('评分对客服匿名：您可以看汇总，不能看谁评了多少分。')).length).toBe(2);
  expect(screen.getByText(/^评分对客服匿名：这里只有整周的汇总/)).toBeDefined();
  expect(screen.getByText('每周送达的邀评')).toBeDefined();
  expect(screen.getByText('邀评没有开启：结束的会话只计入“已结束”。')).toBeDefined();
  expect(screen.queryByRole('button', { name: /^1 分/ })).toBeNull();
  expect(asked('/results')).toEqual([]);
});

test('while no week can be shown of anonymous scores, that is said', async () => {
  const none = figures('', { closed: 0 });
  const { asked } = show('', { [`GET ${api}/funnel`]: () => ({ body: { by: 'day', whole_weeks: true, total: none, items: [] } }) });
  await screen.findByText('这段时间还没有能显示的整周');
  expect(screen.queryByText('这段时间没有结束的会话')).toBeNull();
  const { from, to } = asked('/funnel').at(-1)!;
  fireEvent.click(screen.getByRole('button', { name: '最近 90 天' }));
  await waitFor(() => expect(asked('/funnel').at(-1)).toMatchObject({ to }));
  await waitFor(() => expect(Date.parse(String(from)) - Date.parse(String(asked('/funnel').at(-1)!.from))).toBe(83 * 86_400_000));
  await waitFor(() => expect(screen.queryByRole('button', { name: '最近 90 天' })).toBeNull());
});

test('a follow-up is taken, and done with what came of it', async () => {
  let stored = followUp('1');
  const answers = {
    [`GET ${api}/follow-ups`]: () => ({ body: list(...(stored.state === 'open' ? [stored] : []), followUp('2', { owner_id: '8' })) }),
    [`PATCH ${api}/follow-ups/1`]: ({ body }: { body: unknown }) => ({ body: (stored = { ...stored, ...(body as object), version: stored.version + 1 }) }),
  };
  const { server } = show('/follow-ups', answers, ['desk.reply']);
  await screen.findByText('负责人 李雷');
  expect(screen.getAllByRole('button', { name: '完成回访' })).toHaveLength(1);
  expect(screen.getAllByText('逾期 1 小时')).toHaveLength(2);
  fireEvent.click(screen.getByRole('button', { name: '认领' }));
  await screen.findByText('负责人 王芳');
  fireEvent.click(screen.getByRole('button', { name: '完成回访' }));
  const dialog = within(await screen.findByRole('dialog'));
  fireEvent.change(dialog.getByLabelText('回访结果'), { target: { value: '已道歉并补发' } });
  fireEvent.click(dialog.getByRole('button', { name: '完成回访' }));
  await waitFor(() => expect(screen.queryByText('负责人 王芳')).toBeNull());
  expect(server.of(`PATCH ${api}/follow-ups/1`).map((one) => one.body)).toEqual([{ version: 1, owner_id: '9' }, { version: 2, state: 'done', note: '已道歉并补发' }]);
});

test('a colleague was faster: what was written stays, and is saved on top of theirs', async () => {
  let version = 1;
  const { server } = show('/follow-ups', {
    [`GET ${api}/follow-ups`]: () => ({ body: list(followUp('1', { version, owner_id: '9' })) }),
    [`PATCH ${api}/follow-ups/1`]: ({ body }) => {
      if ((body as { version: number }).version === 2) return { body: followUp('1', { version: 3 }) };
      version = 2;
      return { status: 409, body: { type: '', title: '', status: 409, code: 'satisfaction.changed' } };
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: '编辑' }));
  const dialog = within(await screen.findByRole('dialog'));
  fireEvent.change(dialog.getByLabelText('备注'), { target: { value: '周一再打' } });
  const save = dialog.getByRole('button', { name: '保存' });
  fireEvent.click(save);
  await screen.findByText(/同事刚刚改过这条回访/);
  await waitFor(() => {
    fireEvent.click(save);
    expect(server.of(`PATCH ${api}/follow-ups/1`).at(-1)!.body).toEqual({ version: 2, note: '周一再打' });
  });
});

test('settings are written with a preview, and only what changed is sent', async () => {
  let stored = settings({ enabled: false });
  const { server } = show('/settings', {
    [`GET ${api}/settings`]: () => ({ body: stored }),
    [`PATCH ${api}/settings`]: ({ body }) => ({ body: (stored = { ...stored, ...(body as object) }) }),
  });
  const text = await screen.findByLabelText('内容（中文）');
  const preview = within(screen.getByRole('region', { name: '客户看到的样子' }));
  fireEvent.click(screen.getByRole('switch', { name: '会话结束时邀请客户评价' }));
  fireEvent.change(text, { target: { value: '' } });
  const save = screen.getByRole<HTMLButtonElement>('button', { name: '保存' });
  expect(save.disabled).toBe(true);
  expect(screen.getByText('有填写不对的地方，改好后才能保存')).toBeDefined();
  fireEvent.change(text, { target: { value: '请给我们打分：1–5' } });
  expect(preview.getByText('请给我们打分：1–5')).toBeDefined();
  fireEvent.click(screen.getByRole('radio', { name: /^文字和评价链接/ }));
  expect(preview.getByText('https://…/rate/…')).toBeDefined();
  fireEvent.click(screen.getByRole('switch', { name: '评分对客服匿名' }));
  await screen.findByText('评分对客服匿名时，回访不能由接待的客服负责');
  fireEvent.click(screen.getByRole('radio', { name: '先不指定，由同事认领' }));
  fireEvent.click(save);
  await screen.findByText('已保存，之后的邀评按新设置');
  expect(server.of(`PATCH ${api}/settings`)[0]!.body).toEqual({
    enabled: true,
    form: 'link',
    texts: [{ language: 'zh', text: '请给我们打分：1–5' }, { language: 'en', text: 'Reply 1–5' }],
    anonymous: true,
    follow_up: { score_max: 2, owner: 'nobody', due_hours: 24 },
  });
  await waitFor(() => expect(screen.queryByText('有未保存的修改')).toBeNull());
});

test('who may not configure reads the settings, and changes nothing', async () => {
  show('/settings', {}, []);
  await screen.findByText('您可以查看，修改需要“客服配置”权限。');
  expect(screen.queryByRole('button', { name: '保存' })).toBeNull();
  expect(screen.getByLabelText<HTMLTextAreaElement>('内容（中文）').disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>('switch', { name: '评分对客服匿名' }).disabled).toBe(true);
});
