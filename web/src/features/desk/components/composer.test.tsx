// What an agent sends: it stays in the draft of its own conversation until it is on its way, and goes once.
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import { MemoryRouter } from 'react-router';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { ApiProblem } from '@/shared/api/client';
import type { Conversation } from '../api/cache';
import { Composer } from './Composer';
import { draftIn, storedDraft } from './drafts';

vi.mock('@/shared/live/live', () => ({ useLive: () => ({ sendTyping() {}, status: { state: 'live', since: 0 } }), useLiveEvents() {} }));
const upload = vi.hoisted(() => vi.fn());
vi.mock('@/shared/api/client', async (original) => ({ ...(await original<typeof import('@/shared/api/client')>()), uploadPicture: upload }));

let uploading: { done(made: { picture_id: string }): void; failed(problem: Error): void };
beforeAll(async () => {
  await startI18n('zh');
  await Promise.all([loadStrings('supervise'), loadStrings('workbench')]);
  let pictures = 0;
  Object.assign(URL, { createObjectURL: () => `blob:${++pictures}` });
});
beforeEach(() => {
  upload.mockReset();
  upload.mockImplementation(() => new Promise<{ picture_id: string }>((done, failed) => void (uploading = { done, failed })));
});

const conversation = (id: string) => ({ id, thread_id: `t${id}`, appid: 'wx1', openid: `o${id}`, state: 'active', last_seq: 3, assignee: { id: '1', display_name: '客服1' } }) as Conversation;
const call = (id: string) => `POST /conversations/${id}/messages`;
const stored = (id: string) => draftIn(storedDraft(id));

// The second conversation is where the agent goes meanwhile.
function show(id: string, elsewhere: string, notesFirst = false) {
  let messages = 0;
  const say = (of: string) => ({
    [call(of)]: ({ body }: { body: unknown }) => ({ status: 201, body: { id: `${of}${++messages}`, conversation_id: of, thread_id: `t${of}`, seq: 3 + messages, ...(body as object) } }),
  });
  const server = fakeServer({
    'GET /miniprograms/wx1/quick-replies': () => ({ body: { items: [] } }),
    'GET /miniprograms/wx1/agents': () => ({ body: { items: [{ account_id: '3', display_name: '李雷', presence: 'online', load: 0, load_max: 5 }] } }),
    ...say(id),
    ...say(elsewhere),
  });
  const client = makeQueryClient();
  client.setQueryData(['session'], { csrf_token: 'c', account: { id: '1', username: 'agent1' }, permissions: { wx1: ['desk.read', 'desk.reply'] } });
  const frame = (of: string) => (
    <QueryClientProvider client={client}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <AntdApp>
          <MemoryRouter>
            <Composer key={of} conversation={conversation(of)} ready={async () => true} notesFirst={notesFirst} />
          </MemoryRouter>
        </AntdApp>
      </ConfigProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(frame(id));
  const said = () => server.of(call(id)).map((one) => one.body as Record<string, unknown>);
  return { said, leave: () => rerender(frame(elsewhere)), comeBack: () => rerender(frame(id)) };
}

const box = () => screen.getByLabelText<HTMLTextAreaElement>(/^(回复客户|写内部备注)$/);
const type = (value: string) => fireEvent.change(box(), { target: { value } });
const enter = () => fireEvent.keyDown(box(), { key: 'Enter' });
const paste = (name: string) => fireEvent.paste(box(), { clipboardData: { files: [new File(['x'], name, { type: 'image/png' })] } });
const picture = (name: string) => screen.queryByRole('button', { name: `移除 ${name}` });
const uploaded = (picture_id: string) => act(async () => uploading.done({ picture_id }));

describe('a text with a picture', () => {
  const begin = async () => {
    type('您看这张');
    paste('快递单.png');
    enter();
    await waitFor(() => expect(upload).toHaveBeenCalledTimes(1));
  };
  const wholeOf = (picture_id: string) => [
    { msgtype: 'image', image: { picture_id }, seen_seq: 3 },
    { msgtype: 'text', text: { content: '您看这张' }, seen_seq: 3 },
  ];

  test('is in the draft until it is on its way; Enter twice is once', async () => {
    const { said } = show('51', '510');
    await begin();
    const { id } = stored('51')!;
    expect(stored('51')).toMatchObject({ text: '您看这张', pictures: ['快递单.png'] });
    expect([box().value, box().readOnly]).toEqual(['您看这张', true]);
    expect(screen.getByText('正在发送…')).toBeDefined();
    enter();
    await uploaded('p1');
    await waitFor(() => expect(said()).toHaveLength(2));
    expect(said()).toMatchObject(wholeOf('p1'));
    expect(said()[1]).toMatchObject({ client_id: id });
    await waitFor(() => expect([box().value, box().readOnly]).toEqual(['', false]));
    expect(stored('51')).toBeUndefined();
    expect(picture('快递单.png')).toBeNull();
    expect(upload).toHaveBeenCalledTimes(1);
  });

  test('goes on while another conversation is looked at; who comes back sends it no second time', async () => {
    const { said, leave, comeBack } = show('52', '520');
    await begin();
    leave();
    expect([box().value, box().readOnly]).toEqual(['', false]);
    comeBack();
    expect([box().value, box().readOnly]).toEqual(['您看这张', true]);
    enter();
    await uploaded('p1');
    await waitFor(() => expect(said()).toHaveLength(2));
    expect(said()).toMatchObject(wholeOf('p1'));
    await waitFor(() => expect([box().value, box().readOnly]).toEqual(['', false]));
    expect(stored('52')).toBeUndefined();
    expect(upload).toHaveBeenCalledTimes(1);
  });

  test('sent while nobody looks at it, its draft is cleared', async () => {
    const { said, leave, comeBack } = show('53', '530');
    await begin();
    leave();
    await uploaded('p1');
    await waitFor(() => expect(said()).toHaveLength(2));
    await waitFor(() => expect(stored('53')).toBeUndefined());
    comeBack();
    expect(box().value).toBe('');
    expect(picture('快递单.png')).toBeNull();
  });

  test('whose picture fails elsewhere keeps the picture in its own draft, to be sent again', async () => {
    const { said, leave, comeBack } = show('54', '540');
    await begin();
    const { id } = stored('54')!;
    leave();
    await act(async () => uploading.failed(new ApiProblem(0, 'network.unreachable', '')));
    await waitFor(() => expect(said()).toHaveLength(1));
    expect(picture('快递单.png')).toBeNull();
    expect(stored('540')).toBeUndefined();
    expect(stored('54')).toMatchObject({ text: '', pictures: ['快递单.png'] });
    expect(stored('54')!.id, 'what comes next is another message').not.toBe(id);
    comeBack();
    expect(picture('快递单.png')).not.toBeNull();
    enter();
    await waitFor(() => expect(upload).toHaveBeenCalledTimes(2));
    await uploaded('p2');
    await waitFor(() => expect(said()).toHaveLength(2));
    expect(said()[1]).toMatchObject({ msgtype: 'image', image: { picture_id: 'p2' } });
    await waitFor(() => expect(stored('54')).toBeUndefined());
  });

  test('goes without the picture that was taken away meanwhile', async () => {
    const { said } = show('55', '550');
    await begin();
    fireEvent.click(picture('快递单.png')!);
    await uploaded('p1');
    await waitFor(() => expect(said()).toHaveLength(1));
    expect(said()[0]).toMatchObject({ msgtype: 'text' });
    await waitFor(() => expect(stored('55')).toBeUndefined());
  });
});

test('chosen pictures are still there after a look at another conversation', () => {
  const { leave, comeBack } = show('56', '560');
  paste('快递单.png');
  leave();
  expect(picture('快递单.png')).toBeNull();
  comeBack();
  expect(picture('快递单.png')).not.toBeNull();
  fireEvent.click(picture('快递单.png')!);
  expect(stored('56')).toBeUndefined();
});

test('whom a note names is kept with it, told with it, and of no other note', async () => {
  const { said, leave, comeBack } = show('57', '570', true);
  type('@');
  fireEvent.click(await screen.findByTitle('李雷'));
  await waitFor(() => expect(box().value).toBe('@李雷 '));
  fireEvent.click(await screen.findByRole('checkbox', { name: '请他们答复' }));
  type('@李雷 看一下');
  leave();
  await waitFor(() => expect(screen.queryByRole('checkbox')).toBeNull());
  comeBack();
  expect((await screen.findByRole<HTMLInputElement>('checkbox', { name: '请他们答复' })).checked).toBe(true);
  enter();
  await waitFor(() => expect(said()).toHaveLength(1));
  expect(said()[0]).toMatchObject({ msgtype: 'note', note: { content: '@李雷 看一下', mentions: ['3'], consult: true } });
  await waitFor(() => expect(box().value).toBe(''));
  expect(stored('57')).toBeUndefined();
  type('又看了一遍');
  enter();
  await waitFor(() => expect(said()).toHaveLength(2));
  expect(said()[1]!.note).toEqual({ content: '又看了一遍' });
});
