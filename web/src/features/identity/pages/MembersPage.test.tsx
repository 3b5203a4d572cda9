import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { startI18n } from '@/i18n';
import { MembersPage } from './MembersPage';

beforeAll(() => startI18n('zh'));

const member = (account_id: string, username: string, role: string, adjusted = 0) => ({ account_id, username, display_name: '', role, adjusted, created_at: 1_795_000_000_000 });
const mine = ['account.self', 'miniprogram.read', 'members.read', 'members.manage', 'desk.read', 'desk.reply', 'desk.supervise', 'desk.inspect'];
const found = (more = {}) => ({
  account_id: '7',
  role: 'agent',
  instance_admin: false,
  base: ['account.self', 'miniprogram.read', 'desk.read', 'desk.reply'],
  grants: [],
  denials: [],
  group_grants: [{ permission: 'desk.inspect', group_id: 'g1' }],
  effective: [],
  ...more,
});
const url = '/miniprograms/wx1/members/7/permissions';

function open(search = '?member=7', more: Parameters<typeof fakeServer>[0] = {}, permissions = mine) {
  const server = fakeServer({
    'GET /session': () => ({ body: { csrf_token: 'c', permissions: { wx1: permissions }, account: { id: '1', username: 'boss', display_name: '', instance_admin: false, must_change_password: false, roles: [{ appid: 'wx1', role: 'admin' }] } } }),
    'GET /miniprograms/wx1/members': () => ({ body: { items: [member('1', 'boss', 'admin'), member('7', 'amy', 'agent', 1)] } }),
    'GET /permissions': () => ({ body: { roles: { admin: mine, agent: ['desk.read'] } } }),
    [`GET ${url}`]: () => ({ body: found() }),
    [`PATCH ${url}`]: ({ body }) => ({ body: found(body as object) }),
    ...more,
  });
  const router = createMemoryRouter([{ path: '/m/:appid/members', Component: MembersPage }], { initialEntries: [`/m/wx1/members${search}`] });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <App>
          <RouterProvider router={router} />
        </App>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  return { server, router };
}

const choice = async (permission: string, setting: string) => within(await screen.findByRole('radiogroup', { name: permission })).getByRole('radio', { name: setting }) as HTMLInputElement;
const button = (name: string) => screen.getByRole('button', { name }) as HTMLButtonElement;

test('the list says who differs from the role, and opens what they may do', async () => {
  const { router } = open('');
  await screen.findByRole('button', { name: '按角色 boss' });
  fireEvent.click(button('调整 1 项 amy'));
  await screen.findByText('amy 的权限');
  expect(router.state.location.search).toBe('?member=7');
});

test('what changes is shown before it is saved, and sent as a whole', async () => {
  const { server } = open();
  fireEvent.click(await choice('回复客户', '禁止'));
  fireEvent.click(await choice('质检：评价会话', '授予'));
  const changes = (await screen.findByText('保存后有 3 项变化')).parentElement!;
  expect(within(changes).getAllByRole('listitem').map((one) => one.textContent)).toEqual(['回复客户: 按角色 (可以) → 禁止', '质检：评价会话: 按角色 (不可以) → 授予', '质检：评价会话: 仅在分组 g1 内 → 按角色']);
  fireEvent.click(button('保存'));
  await waitFor(() => expect(server.of(`PATCH ${url}`)).toHaveLength(1));
  expect(server.of(`PATCH ${url}`)[0]!.body).toEqual({ grants: ['desk.inspect'], denials: ['desk.reply'], group_grants: [] });
  await screen.findByText('没有更改');
  expect(button('保存').disabled).toBe(true);
});

test('a refusal is said, and what was set stays', async () => {
  open('?member=7', { [`PATCH ${url}`]: () => ({ status: 409, body: { type: '', title: '', status: 409, code: 'identity.last_manager' } }) });
  fireEvent.click(await choice('回复客户', '禁止'));
  fireEvent.click(button('保存'));
  await screen.findByText(/至少要保留一位能管理成员的管理员/);
  expect((await choice('回复客户', '禁止')).checked).toBe(true);
});

test('all as the role says takes back the groups, too; discarding brings everything back', async () => {
  open();
  await choice('回复客户', '按角色');
  fireEvent.click(button('全部按角色'));
  expect(screen.queryByText('仅在分组 g1 内')).toBeNull();
  fireEvent.click(button('放弃更改'));
  await screen.findByText('仅在分组 g1 内');
  fireEvent.click(button('收回 质检：评价会话：分组 g1'));
  await screen.findByText('保存后有 1 项变化');
});

test('nobody can set what they do not have', async () => {
  open('?member=7', {}, mine.filter((one) => one !== 'desk.supervise'));
  expect((await choice('督导：旁观、密语、接管、改在线状态', '授予')).disabled).toBe(true);
  expect((await choice('回复客户', '禁止')).disabled).toBe(false);
});

test.each([
  ['one looks at oneself', mine, '1', '不能调整自己的权限，请另一位管理员来改。'],
  ['one may only look', mine.filter((one) => one !== 'members.manage'), '7', '您没有“管理成员”权限，只能查看。'],
])('nothing can be set when %s', async (_, permissions, id, why) => {
  open(`?member=${id}`, { 'GET /miniprograms/wx1/members/1/permissions': () => ({ body: found({ account_id: '1' }) }) }, permissions);
  await screen.findByText(why);
  expect((await choice('回复客户', '禁止')).disabled).toBe(true);
  expect(screen.queryByRole('button', { name: '保存' })).toBeNull();
});

test('what is not saved is not lost by closing', async () => {
  const { router } = open();
  fireEvent.click(await choice('回复客户', '禁止'));
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await screen.findAllByText('放弃没有保存的更改？');
  expect(router.state.location.search).toBe('?member=7');
  fireEvent.click(screen.getAllByRole('button', { name: '放弃更改' }).at(-1)!);
  await waitFor(() => expect(router.state.location.search).toBe(''));
});

test('what cannot be read says so, and can be tried again', async () => {
  let broken = true;
  open('?member=7', { [`GET ${url}`]: () => (broken ? { status: 503, body: { type: '', title: '', status: 503, code: 'storage.unavailable' } } : { body: found() }) });
  await screen.findByText(/storage\.unavailable/);
  broken = false;
  fireEvent.click(button('重试'));
  await choice('回复客户', '禁止');
});
