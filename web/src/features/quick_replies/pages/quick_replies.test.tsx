// The pages with a server of a few lines: what they ask, and what they show of the answers.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { QuickRepliesPage } from './QuickRepliesPage';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('quick_replies');
});

const base = '/miniprograms/wx1';
const account = { id: '1', username: 'wang', display_name: '王芳', instance_admin: false, must_change_password: false, roles: [] };
const session = (...more: string[]) => ({ 'GET /session': () => ({ body: { csrf_token: 'c', account, permissions: { wx1: ['desk.read', ...more] } } }) });
const reply = (id: string, part: object = {}) => ({ id, scope: 'shared', folder: '', shortcut: '', title: `标题${id}`, content: '内容', picture_id: '', initials: 'bt', initials_by_hand: false, uses: 0, last_used_at: null, updated_at: 1, ...part });
const macro = (part: object = {}) => ({ id: '70', scope: 'personal', name: '结束并打标签', actions: [{ kind: 'send_reply', quick_reply_id: '2' }, { kind: 'add_tag', tag: '已解决' }, { kind: 'close' }], updated_at: 1, ...part });
const replies = [reply('1', { title: '问候', content: '{{customer.nickname|亲}}您好' }), reply('2', { folder: '售后', title: '退款到账', initials: 'tkdz', uses: 12, last_used_at: Date.now() }), reply('3', { folder: '售后/物流', scope: 'personal', title: '查物流', shortcut: 'wl', uses: 3 })];

const common = {
  ...session('desk.reply', 'desk.configure'),
  'GET /miniprograms': () => ({ body: { items: [{ appid: 'wx1', name: '茶叶铺' }], next_cursor: null } }),
  [`GET ${base}/quick-replies`]: () => ({ body: { items: replies } }),
  [`GET ${base}/macros`]: () => ({ body: { items: [macro()] } }),
  [`GET ${base}/agents`]: () => ({ body: { items: [{ account_id: '9', display_name: '李雷' }] } }),
  [`GET ${base}/teams/groups`]: () => ({ body: { items: [], next_cursor: null } }),
};

function show(address: string, handlers: Parameters<typeof fakeServer>[0] = {}) {
  const server = fakeServer({ ...common, ...handlers });
  const router = createMemoryRouter([{ path: '/m/:appid/quick-replies/:section?', Component: QuickRepliesPage }], { initialEntries: [`/m/wx1/quick-replies${address}`] });
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

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

test('by folder, by use, and what fits; the address says which', async () => {
  const { router } = show('');
  await screen.findByRole('heading', { level: 2, name: '售后/物流' });
  expect(screen.getByText('客户称呼 | 亲')).toBeDefined();
  expect(screen.getByText('用过 12 次')).toBeDefined();
  fireEvent.change(screen.getByPlaceholderText('快捷码、拼音首字母、标题或内容'), { target: { value: 'TKD' } });
  await screen.findByText('显示 1 条，共 3 条');
  expect(router.state.location.search).toBe('?q=TKD');
  fireEvent.click(button('去掉筛选：搜索: TKD'));
  fireEvent.click(screen.getByText('用得最多的在前'));
  await waitFor(() => expect(router.state.location.search).toBe('?sort=uses'));
  expect(screen.queryByRole('heading', { level: 2 })).toBeNull();
  expect([...document.querySelectorAll('.qr-row strong')].map((one) => one.textContent)).toEqual(['退款到账', '查物流', '问候']);
});

test('one is written with variables, as it will read', async () => {
  const { server } = show('?reply=new&folder=售后', { [`POST ${base}/quick-replies`]: ({ body }) => ({ status: 201, body: { ...reply('4'), ...(body as object) } }) });
  const text = await screen.findByLabelText<HTMLTextAreaElement>('内容');
  expect(button('保存').disabled).toBe(true);
  fireEvent.click(button('客户称呼'));
  expect(text.value).toBe('{{customer.nickname|亲}}');
  fireEvent.change(text, { target: { value: '{{customer.nickname|亲}}，我是{{agent.name}}，{{miniprogram.name}}' } });
  const preview = () => document.querySelector('.qr-preview .qr-content')!.textContent;
  await waitFor(() => expect(preview()).toBe('林小满，我是王芳，茶叶铺'));
  fireEvent.click(screen.getByText('都不知道时'));
  expect(preview()).toBe('亲，我是，');
  fireEvent.change(text, { target: { value: '您好{{agent' } });
  expect(screen.getByRole('alert').textContent).toBe('第 3 个字处的变量没有用两个右花括号结束');
  expect(button('保存').disabled).toBe(true);
  fireEvent.change(text, { target: { value: '您好' } });
  fireEvent.click(button('保存'));
  await waitFor(() => expect(server.of(`POST ${base}/quick-replies`).map((one) => one.body)).toEqual([{ scope: 'personal', folder: '售后', shortcut: '', title: '', content: '您好', picture_id: '', initials: '' }]));
  await waitFor(() => expect(screen.queryByLabelText('内容')).toBeNull());
});

test('a picture of another kind is refused in words, and is not uploaded', async () => {
  show('?reply=new');
  await screen.findByLabelText('内容');
  fireEvent.change(document.querySelector('input[type=file]')!, { target: { files: [new File(['x'], 'a.svg', { type: 'image/svg+xml' })] } });
  await screen.findByText('只支持 PNG、JPEG、GIF 图片');
});

test('a sheet with something unsaved asks before it forgets', async () => {
  const { router } = show('?reply=3');
  fireEvent.change(await screen.findByLabelText('标题'), { target: { value: '查快递' } });
  fireEvent.click(button('取消'));
  fireEvent.click(await screen.findByRole('button', { name: '放弃修改' }));
  await waitFor(() => expect(router.state.location.search).toBe(''));
});

test('a folder is moved where something of it may be moved', async () => {
  const { server } = show('', { ...session('desk.reply'), [`POST ${base}/quick-reply-folders/rename`]: () => ({ body: { moved: 1 } }) });
  await screen.findByRole('heading', { level: 2, name: '售后' });
  expect(screen.queryByRole('button', { name: '编辑 退款到账' })).toBeNull();
  fireEvent.click(button('移动文件夹 售后/物流'));
  const to = await screen.findByLabelText('新的路径');
  fireEvent.change(to, { target: { value: 'a/b/c/d' } });
  expect(button('移动').disabled).toBe(true);
  fireEvent.change(to, { target: { value: '物流' } });
  fireEvent.click(button('移动'));
  await screen.findByText('移动了 1 条快捷回复');
  expect(server.of(`POST ${base}/quick-reply-folders/rename`).map((one) => one.body)).toEqual([{ scope: 'personal', from: '售后/物流', to: '物流' }]);
});

test('a macro is put together: what ends stays last, what is missing is said', async () => {
  const { server } = show('/macros?macro=70', { [`PATCH ${base}/macros/70`]: () => ({ body: macro() }) });
  await screen.findByText('发送快捷回复“退款到账”');
  const steps = () => [...document.querySelectorAll('.qr-editor > li')].map((one) => one.getAttribute('aria-label'));
  await waitFor(() => expect(steps()).toEqual(['第 1 个 发送快捷回复', '第 2 个 添加标签', '第 3 个 结束会话']));
  const up = button('上移 添加标签');
  up.focus();
  fireEvent.click(up);
  expect(steps()[0]).toBe('第 1 个 添加标签');
  expect(document.activeElement).toBe(button('下移 添加标签'));
  expect(screen.getByText('“添加标签”现在是第 1 个')).toBeDefined();
  expect(button('上移 结束会话').disabled).toBe(true);
  expect(button('下移 发送快捷回复').disabled).toBe(true);
  fireEvent.click(button('添加操作'));
  fireEvent.click(await screen.findByRole('menuitem', { name: '内部备注' }));
  expect(steps()[2]).toBe('第 3 个 内部备注');
  const sheet = within(document.querySelector<HTMLElement>('.qr-editor')!);
  expect(sheet.getByText('还没有写内容')).toBeDefined();
  expect(button('保存').disabled).toBe(true);
  fireEvent.change(screen.getByLabelText('内部备注'), { target: { value: '回访过' } });
  fireEvent.click(button('保存'));
  await waitFor(() =>
    expect(server.of(`PATCH ${base}/macros/70`).map((one) => one.body)).toEqual([
      { name: '结束并打标签', scope: 'personal', actions: [{ kind: 'add_tag', tag: '已解决' }, { kind: 'send_reply', quick_reply_id: '2' }, { kind: 'note', text: '回访过' }, { kind: 'close' }] },
    ]),
  );
});

test('who may not answer reads', async () => {
  show('', session());
  await screen.findByText('退款到账');
  expect(screen.getByText('您可以查看，修改需要“回复客户”权限。')).toBeDefined();
  for (const name of [/添加/, /编辑/, /导入/, /移动/]) expect(screen.queryByRole('button', { name })).toBeNull();
});
