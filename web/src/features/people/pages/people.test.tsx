// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { PeoplePage } from './PeoplePage';
import { PersonPage } from './PersonPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('people');
});

const base = '/miniprograms/wx1';
const session = { csrf_token: 'c', account: { id: '1', username: 'boss', display_name: '', instance_admin: true, must_change_password: false, roles: [] } };
const row = (n: number, part: object = {}) => ({ id: String(n), profile_id: String(n), appid: 'wx1', openid: `oCustomer${n}`, nickname: `客户 ${n}`, avatar_url: '', level: 0, tags: [], source: '', first_seen_at: 1, last_seen_at: Date.now() - n * 1000, blocked: false, ...part });
const profile = (part: object = {}) => ({ ...row(7), id: '7', channel: 'wechat_miniprogram', version: 3, nickname: '林小满', note: '爱喝茶', level_source: 'none', attributes: {}, identities: [], hidden: [], updated_at: 1, block: null, ...part });

const common = {
  'GET /session': () => ({ body: session }),
  'GET /permissions': () => ({ body: { roles: {} } }),
  'GET /miniprograms': () => ({ body: { items: [{ appid: 'wx1', name: '茶叶铺' }, { appid: 'wx2', name: '会员店' }], next_cursor: null } }),
  [`GET ${base}/segments`]: () => ({ body: { items: [] } }),
  [`GET ${base}/person-attributes`]: () => ({ body: { items: [] } }),
};

function show(address: string, handlers: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer({ ...common, ...handlers });
  const router = createMemoryRouter(
    [
      { path: '/m/:appid/people/:id', Component: PersonPage },
      ...['', '/segments', '/entrances'].map((path) => ({ path: `/m/:appid/people${path}`, Component: PeoplePage })),
    ],
    { initialEntries: [`/m/wx1/people${address}`] },
  );
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

test('a filter reads on until it finds, and says how far it looked', async () => {
  const pages = [Array.from({ length: 100 }, (_, n) => row(n)), Array.from({ length: 30 }, (_, n) => row(100 + n, { level: n === 20 ? 5 : 0 }))];
  const { server } = show('?level=3', { [`GET ${base}/people`]: ({ url }) => (url.searchParams.get('cursor') ? { body: { items: pages[1], next_cursor: null } } : { body: { items: pages[0], next_cursor: '2' } }) });
  await screen.findByRole('link', { name: '客户 120' });
  expect(screen.getByText('看了 130 位，符合 1 位')).toBeDefined();
  expect(screen.queryByRole('link', { name: '客户 1' })).toBeNull();
  expect(server.of(`GET ${base}/people`)).toHaveLength(2);
});

test('a day is enough: nobody further down was seen later', async () => {
  const old = { last_seen_at: Date.now() - 3 * 86_400_000 };
  const { server } = show('?seen=1', { [`GET ${base}/people`]: () => ({ body: { items: [row(1), row(2, old)], next_cursor: '2' } }) });
  await screen.findByRole('link', { name: '客户 1' });
  await waitFor(() => expect(screen.getByText('看了 2 位，符合 1 位')).toBeDefined());
  expect(screen.queryByRole('button', { name: '继续查找' })).toBeNull();
  expect(server.of(`GET ${base}/people`)).toHaveLength(1);
});

test('a name stands in the address', async () => {
  const { router } = show('', { [`GET ${base}/people`]: () => ({ body: { items: [row(1), row(2, { nickname: '林小满' })], next_cursor: null } }) });
  const box = await screen.findByRole('searchbox', { name: '查找客户' });
  fireEvent.change(box, { target: { value: ' 小满 ' } });
  fireEvent.keyDown(box, { key: 'Enter' });
  await waitFor(() => expect(router.state.location.search).toBe(`?text=${encodeURIComponent('小满')}`));
  await waitFor(() => expect(screen.queryByRole('link', { name: '客户 1' })).toBeNull());
  expect(screen.getByRole('link', { name: /在工作台/ }).getAttribute('href')).toBe(`/m/wx1/desk/workbench?q=${encodeURIComponent('小满')}`);
});

test('a phone number stands in no address', async () => {
  const { server, router } = show('', {
    [`GET ${base}/people`]: () => ({ body: { items: [row(1)], next_cursor: null } }),
    [`POST ${base}/people/search`]: () => ({ body: { items: [row(9)], next_cursor: null } }),
  });
  await screen.findByRole('link', { name: '客户 1' });
  fireEvent.mouseDown(screen.getByRole('combobox', { name: '按什么查找' }));
  fireEvent.click(await screen.findByTitle('手机号'));
  const box = screen.getByRole('searchbox', { name: '查找客户' });
  fireEvent.change(box, { target: { value: '13812345678' } });
  fireEvent.keyDown(box, { key: 'Enter' });
  await screen.findByRole('link', { name: '客户 9' });
  expect(screen.queryByRole('link', { name: '客户 1' })).toBeNull();
  expect(server.of(`POST ${base}/people/search`)[0]!.body).toEqual({ kind: 'phone', value: '13812345678' });
  expect(router.state.location.search).toBe('');
});

const person = (profiles: object[]) => ({ body: { id: '7', profiles } });
const alone = {
  [`GET ${base}/people/7/links`]: () => ({ body: { items: [], next_cursor: null } }),
  [`GET ${base}/people/proposals`]: () => ({ body: { items: [], next_cursor: null } }),
  [`GET ${base}/customers/oCustomer7`]: () => ({ body: { openid: 'oCustomer7', tags: [], sources: ['pages/goods/detail', 'pages/cart'] } }),
  [`GET ${base}/conversations`]: () => ({ body: { items: [{ id: '55', openid: 'oCustomer7', state: 'closed', opened_at: 1, last_message: { summary: '谢谢' } }, { id: '56', openid: 'oSomebody', state: 'closed', opened_at: 1, last_message: null }], next_cursor: null } }),
};

test('what a colleague changed meanwhile is kept, and what one writes is not lost', async () => {
  let stored = profile();
  let conflicts = 1;
  const { server } = show('/7', {
    ...alone,
    [`GET ${base}/people/7`]: () => person([stored]),
    [`PATCH ${base}/people/7`]: ({ body }) => {
      if (conflicts > 0) {
        conflicts -= 1;
        stored = profile({ version: 4, note: '同事写的' });
        return { status: 409, body: { type: '', title: '', status: 409, code: 'people.changed' } };
      }
      stored = profile({ version: 5, note: '同事写的', nickname: (body as { nickname: string }).nickname });
      return person([stored]);
    },
  });
  const name = await screen.findByLabelText<HTMLInputElement>('称呼');
  const save = screen.getByRole<HTMLButtonElement>('button', { name: '保存' });
  expect(save.disabled).toBe(true);
  fireEvent.change(name, { target: { value: '林大满' } });
  fireEvent.click(save);
  await screen.findByText(/同事刚刚改过这份档案/);
  await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>('备注').value).toBe('同事写的'));
  expect(name.value).toBe('林大满');
  fireEvent.click(save);
  await screen.findByRole('heading', { level: 1, name: '林大满' });
  expect(server.of(`PATCH ${base}/people/7`).map((one) => one.body)).toEqual([{ version: 3, nickname: '林大满' }, { version: 4, nickname: '林大满' }]);
});

test('a number is masked until somebody asks for it; conversations are those of this customer', async () => {
  const identity = { id: '31', kind: 'phone', value: '138****5678', masked: true, source: 'agent', created_at: 1 };
  const { server } = show('/7', { ...alone, [`GET ${base}/people/7`]: () => person([profile({ identities: [identity] })]), [`POST ${base}/people/7/identities/31/reveal`]: () => ({ body: { value: '13812345678' } }) });
  await screen.findByText('138****5678');
  expect(server.of(`POST ${base}/people/7/identities/31/reveal`)).toHaveLength(0);
  fireEvent.click(screen.getByRole('button', { name: '查看完整的手机号' }));
  await screen.findByText('13812345678');
  await screen.findByText('谢谢');
  const links = screen.getAllByRole('link').map((one) => one.getAttribute('href'));
  expect(links).toContain('/m/wx1/desk/workbench/55?view=closed');
  expect(links.some((one) => one?.includes('/56'))).toBe(false);
  expect(screen.getByText('pages/cart')).toBeDefined();
});

test('a number in the note is shown on its own, and the note can be changed around it', async () => {
  const hidden = [{ id: '41', field: 'note', kind: 'phone', at: 3, length: 11 }];
  const { server } = show('/7', { ...alone, [`GET ${base}/people/7`]: () => person([profile({ note: '家里 138****5678', hidden })]), [`POST ${base}/people/7/numbers/41/reveal`]: () => ({ body: { value: '13812345678' } }) });
  const note = await screen.findByLabelText<HTMLTextAreaElement>('备注');
  expect(note.disabled).toBe(false);
  fireEvent.click(screen.getByRole('button', { name: '查看完整的手机号：138****5678' }));
  await screen.findByText('13812345678');
  expect(note.value).toBe('家里 138****5678');
  expect(server.of(`POST ${base}/people/7/numbers/41/reveal`)).toHaveLength(1);
});

test('ratings and the phone’s timeline are read on, and say what there is not', async () => {
  const rating = (id: string, score: number, comment = '') => ({ id, conversation_id: `5${id}`, profile_id: '7', agent_id: '1', group_id: null, day: '2026-10-01', form: 'text', score, comment, comment_masked: false, asked_at: 1, answered_at: 2 });
  const befores: (string | null)[] = [];
  show('/7', {
    ...alone,
    [`GET ${base}/people/7`]: () => person([profile()]),
    [`GET ${base}/satisfaction/results`]: ({ url }) => ({ body: url.searchParams.get('cursor') ? { items: [rating('2', 5)], next_cursor: null } : { items: [rating('1', 2, '等太久')], next_cursor: 'c' } }),
    [`GET ${base}/customers/oCustomer7/signals`]: ({ url }) => {
      befores.push(url.searchParams.get('before'));
      return { body: url.searchParams.get('before') ? { items: [], next_before: null } : { items: [{ kind: 'event', at: 9, page: 'pages/pay', text: 'PayOrder' }, { kind: 'error', at: 8, page: 'pages/pay', text: 'fail', issue_id: '77' }], next_before: 8 } };
    },
  });
  await screen.findByText('等太久');
  expect(screen.getByRole('link', { name: '评了 2 分的会话' }).getAttribute('href')).toBe('/m/wx1/desk/workbench/51?view=closed');
  fireEvent.click(screen.getByRole('button', { name: '更早的评价' }));
  await screen.findByText('5 分');
  await screen.findByText('PayOrder');
  expect(screen.getByRole('link', { name: 'fail' }).getAttribute('href')).toBe('/m/wx1/issues/77');
  fireEvent.click(screen.getByRole('button', { name: '更早的' }));
  await screen.findByText('只看 90 天内的');
  expect(befores).toEqual([null, '8']);
});

test('scores that are anonymous are no error', async () => {
  show('/7', { ...alone, [`GET ${base}/people/7`]: () => person([profile()]), [`GET ${base}/satisfaction/results`]: () => ({ status: 403, body: { code: 'satisfaction.scores_hidden', title: '' } }), [`GET ${base}/customers/oCustomer7/signals`]: () => ({ body: { items: [], next_before: null } }) });
  await screen.findByText(/评分对客服匿名/);
  await screen.findByText('90 天内没有上报');
});

test('entries by page lead to their conversations', async () => {
  const items = [{ source: 'pages/a', entries: 5, people: 3, conversations: 2 }, { source: '', entries: 0, people: 0, conversations: 1 }];
  const asked = vi.fn();
  show('/entrances?from=1790000000000&to=1790086400000', { [`GET ${base}/entrances`]: ({ url }) => (asked(url.searchParams.get('from'), url.searchParams.get('to')), { body: { items, total: { entries: 5, people: 3, conversations: 3 }, more: false } }) });
  const link = await screen.findByRole('link', { name: '2 个会话，来自 pages/a' });
  const target = new URL(link.getAttribute('href')!, 'http://x');
  expect([target.pathname, target.searchParams.get('source')]).toEqual(['/m/wx1/reports/conversations', 'pages/a']);
  expect(asked).toHaveBeenCalledWith(target.searchParams.get('from'), target.searchParams.get('to'));
  expect(screen.getByRole('link', { name: '1 个会话，来自 没有说明来源' }).getAttribute('href')).toContain('source=');
});

test('who is blocked by another account of theirs is shown as blocked, and is put back at once', async () => {
  const block = { reason: '骚扰', blocked_by: 'agent1', blocked_at: 1, ends_at: 0 };
  const { server } = show('/7', { ...alone, [`GET ${base}/people/7`]: () => person([profile(), profile({ id: '8', openid: 'oOther', nickname: '小号', block })]), [`DELETE ${base}/people/7/block`]: () => ({ status: 204 }) });
  await screen.findByText(/agent1 已把这位客户加入黑名单：骚扰/);
  expect(screen.queryByRole('button', { name: '加入黑名单' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '移出黑名单：林小满' }));
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: '移出' }));
  await waitFor(() => expect(server.of(`DELETE ${base}/people/7/block`)).toHaveLength(1));
});

test('a segment is written, saved, and counted', async () => {
  const { server } = show('/segments', {
    [`POST ${base}/segments`]: ({ body }) => ({ status: 201, body: { id: '4', created_by: 'boss', created_at: 1, updated_at: 1, ...(body as object) } }),
    [`GET ${base}/segments/4/count`]: () => ({ body: { people: 12 } }),
  });
  fireEvent.click(await screen.findByRole('button', { name: '新建分群' }));
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(within(dialog).getByLabelText('名称'), { target: { value: '重要客户' } });
  const value = within(dialog).getByRole('spinbutton', { name: '值' });
  fireEvent.change(value, { target: { value: '3' } });
  fireEvent.blur(value);
  fireEvent.click(within(dialog).getByRole('button', { name: '添加一组' }));
  const save = within(dialog).getByRole<HTMLButtonElement>('button', { name: '保存' });
  await waitFor(() => expect(save.disabled).toBe(false));
  fireEvent.click(save);
  await screen.findByText('已保存的条件现在有 12 位客户符合');
  const first = { field: 'level', op: 'at_least', value: 1 };
  expect(server.of(`POST ${base}/segments`)[0]!.body).toEqual({ name: '重要客户', condition: { all: [{ ...first, value: 3 }, { any: [first] }] } });
});

test('the button is shown as it is filled in; a key is shown once', async () => {
  show('/entrances', { [`GET ${base}/session-from/key`]: () => ({ body: { made: false } }), [`POST ${base}/session-from/key`]: () => ({ status: 201, body: { key: 'secret-key' } }) });
  const code = () => screen.getAllByRole('group', { name: '代码' }).map((one) => one.textContent);
  await screen.findByText('还没有密钥，签名的参数不会被信任');
  expect(code()).toEqual(['<button\n  open-type="contact"\n  session-from="page=pages%2Findex%2Findex"\n>联系客服</button>']);
  fireEvent.change(screen.getByRole('textbox', { name: '值' }), { target: { value: 'pages/"a"' } });
  expect(code()[0]).toContain('page=pages%2F%22a%22');
  fireEvent.click(screen.getByRole('switch', { name: /带上签名的参数/ }));
  expect(code()).toHaveLength(3);
  expect(screen.getByText(/签名在小程序自己的服务器上完成/)).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: '生成密钥' }));
  const dialog = await screen.findByRole('dialog');
  within(dialog).getByText('secret-key');
  fireEvent.click(within(dialog).getAllByRole('button', { name: '关闭' }).at(-1)!);
  await waitFor(() => expect(screen.queryByText('secret-key')).toBeNull());
});
