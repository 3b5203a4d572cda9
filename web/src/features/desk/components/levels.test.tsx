// Service levels in the workbench: a row's times, a conversation's clocks, and what supervisors are told.
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App as AntdApp } from 'antd';
import type { ReactNode } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { startI18n } from '@/i18n';
import { LiveProvider } from '@/shared/live/live';
import type { Mark } from '@/shared/service_levels/marks';
import type { Conversation } from '../api/cache';
import Clocks from './Clocks';
import { RowTimes } from './ConversationList';
import { LevelNotices } from './LevelNotices';
import { byGravity, Gathered, noticeOf, quietMs, type Notice } from './notices';

beforeAll(() => startI18n('zh'));

const mark = (part: Partial<Mark> = {}): Mark => ({ kind: 'first_answer', level: 'none', paused: false, due_at: Date.now() + 3_600_000 * 5 + 30_000, left_ms: null, ...part });
const conversation = (part: Partial<Conversation> = {}) => ({ id: '99', appid: 'wx1', thread_id: 't', openid: 'oabcd', state: 'waiting', last_message_at: Date.now() - 7_200_000, version: 1, ...part }) as Conversation;

describe('a row of the list', () => {
  const times = (part: Partial<Conversation>) => {
    const now = Date.now();
    return render(<RowTimes conversation={conversation(part)} now={now} />).container;
  };
  const waiting_since = Date.now() - 130_000;

  test('counts down to the answer instead of up since the question', () => {
    const shown = times({ waiting_since, service_levels: [mark(), mark({ kind: 'resolution' })] });
    expect(shown.textContent).toBe('首次响应5 小时 0 分');
    expect(shown.querySelector('.wb-wait')).toBeNull();
  });
  test('says how long the customer waits when only the resolution is promised', () => {
    const shown = times({ waiting_since, service_levels: [mark({ kind: 'resolution' })] });
    expect(shown.textContent).toBe('2 分钟解决5 小时 0 分');
    expect(shown.querySelector('.wb-wait-fresh')).not.toBeNull();
  });
  test('shows what is paused calmly, beside the last message', () => {
    const shown = times({ service_levels: [mark({ kind: 'resolution', level: 'most', paused: true, due_at: null, left_ms: 60_000 })] });
    expect(shown.textContent).toBe('2 小时前解决暂停 1:00');
    expect(shown.querySelector('.countdown-paused')).not.toBeNull();
  });
  test('is as it was where nothing is promised', () => {
    expect(times({ waiting_since }).querySelector('.wb-wait-soon')?.textContent).toBe('2 分钟');
    expect(times({ waiting_since, state: 'closed', service_levels: [mark()] }).textContent).toBe('2 小时前');
  });
});

test('the clocks of a conversation: how each stands, whose it was, and when', async () => {
  const at = (time: string) => Date.parse(`2026-11-21T${time}:00+08:00`);
  const clock = (part: object) => ({ id: '1', conversation_id: '99', kind: 'first_answer', ordinal: 1, group: '1', priority: 0, agent_id: null, state: 'running', level: 'none', target_ms: 300_000, business: false, used_ms: null, started_at: at('10:00'), due_at: null, breached_at: null, stopped_at: null, ...part });
  const server = fakeServer({
    'GET /miniprograms/wx1/service-levels/conversations/99/clocks': ({ url }) =>
      url.searchParams.get('cursor')
        ? { body: { items: [clock({ id: '3', state: 'closed', used_ms: 60_000, stopped_at: at('10:01') })], next_cursor: null } }
        : {
            body: {
              items: [
                clock({ id: '1', kind: 'next_answer', ordinal: 2, state: 'answered', level: 'breached', agent_id: '9', used_ms: 420_000, due_at: at('10:05'), breached_at: at('10:05'), stopped_at: at('10:07') }),
                clock({ id: '2', kind: 'resolution', business: true, target_ms: 86_400_000, state: 'paused', used_ms: 0 }),
              ],
              next_cursor: 'n',
            },
          },
    'GET /miniprograms/wx1/agents': () => ({ body: { items: [{ account_id: '9', display_name: '王芳' }] } }),
  });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <Clocks conversation={conversation()} />
    </QueryClientProvider>,
  );
  await screen.findByText(/王芳/);
  const lines = () => screen.getAllByRole('listitem').map((one) => one.textContent);
  expect(lines()).toEqual([
    '后续响应 第 2 次 已回复 · 超时目标 5 分钟 · 用时 7 分钟 · 王芳2026/11/21 10:00:00 开始 · 2026/11/21 10:05:00 超时 · 2026/11/21 10:07:00 停止',
    '解决 暂停目标 24 小时（工作时间） · 用时 0 秒2026/11/21 10:00:00 开始',
  ]);
  fireEvent.click(screen.getByRole('button', { name: '加载更多' }));
  await screen.findByText('没有回复');
  expect(lines()[2]).toContain('用时 1 分钟');
  expect(server.of('GET /miniprograms/wx1/service-levels/conversations/99/clocks')).toHaveLength(2);
});

const notice = (part: Partial<Notice> = {}): Notice => ({ appid: 'wx1', conversation_id: '99', kind: 'first_answer', level: 'half', due_at: 100, group: '1', agent_id: null, ...part });

describe('notices are gathered', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('the first is told at once, the rest together, never twice in ten seconds', () => {
    const told: Notice[][] = [];
    const gathered = new Gathered((notices) => told.push(notices));
    gathered.add(notice());
    expect(told).toHaveLength(1);
    gathered.add(notice({ conversation_id: '1', level: 'most' }));
    vi.advanceTimersByTime(quietMs - 1);
    gathered.add(notice({ conversation_id: '1', level: 'breached' })); // the newest of it
    gathered.add(notice({ conversation_id: '2' }));
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(told).toHaveLength(2);
    expect(told[1]!.map((one) => [one.conversation_id, one.level])).toEqual([['1', 'breached'], ['2', 'half']]);
    vi.advanceTimersByTime(quietMs);
    expect(told).toHaveLength(2);
    gathered.add(notice());
    expect(told).toHaveLength(3);
    gathered.add(notice());
    gathered.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the gravest comes first, then what is due first', () => {
    const [half, late, soon] = [notice({ due_at: 1 }), notice({ level: 'most', due_at: null }), notice({ level: 'most', due_at: 5, kind: 'window' })];
    expect([half, late, soon].sort(byGravity)).toEqual([soon, late, half]);
  });

  test('what this console does not know is left out', () => {
    expect(noticeOf('wx1', { conversation_id: '5', kind: 'first_answer', level: 'half', due_at: null, group: '', agent_id: null })).toMatchObject({ appid: 'wx1', conversation_id: '5' });
    expect(noticeOf('wx1', { conversation_id: '5', kind: 'hold', level: 'half' })).toBeUndefined();
    expect(noticeOf('wx1', { conversation_id: '5', kind: 'window', level: 'none' })).toBeUndefined();
    expect(noticeOf('wx1', { kind: 'window', level: 'most' })).toBeUndefined();
  });
});

describe('a supervisor is told', () => {
  class Socket {
    static OPEN = 1;
    static last: Socket;
    readyState = 1;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: () => void;
    constructor() {
      Socket.last = this;
    }
    send() {}
    close() {}
  }
  let seq = 0;
  const tell = (data: object, topic = 'service_level') => act(() => Socket.last.onmessage?.({ data: JSON.stringify({ type: 'change', appid: 'wx1', seq: (seq += 1), topic, data }) }));
  const Frame = ({ children }: { children: ReactNode }) => (
    <AntdApp>
      <LiveProvider appids={['wx1']}>{children}</LiveProvider>
    </AntdApp>
  );

  test('in one toast with a link; what comes meanwhile waits', async () => {
    vi.stubGlobal('WebSocket', Socket);
    fakeServer({ 'GET /miniprograms': () => ({ body: { items: [{ appid: 'wx1', name: '茶叶铺' }], next_cursor: null } }) });
    const client = makeQueryClient();
    client.setQueryData(['desk', 'open', 'wx1'], { items: [conversation({ nickname: '王阿姨' })], complete: true });
    const router = createMemoryRouter([{ path: '*', element: <Frame><LevelNotices /></Frame> }], { initialEntries: ['/m/wx1/overview'] });
    const { unmount } = render(
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>,
    );
    tell(notice(), 'conversation');
    tell(notice({ level: 'most' }));
    tell(notice({ conversation_id: '7', level: 'breached' }));
    await screen.findByText('首次响应：将超时');
    expect(screen.getByText('王阿姨 · 还没有人接待')).toBeDefined();
    expect(screen.queryByText('首次响应：超时')).toBeNull();
    fireEvent.click(screen.getByRole('link', { name: '查看会话' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/m/wx1/desk/workbench/99'));
    unmount();
  });
});
