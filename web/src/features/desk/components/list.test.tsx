// The list with 500 conversations: what is drawn is bounded; several are chosen by mouse and keyboard.
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, renderHook, screen } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { startI18n } from '@/i18n';
import type { Conversation } from '../api/cache';
import { Rows } from './ConversationList';
import { useSelection, type Selection } from './useSelection';

beforeAll(() => startI18n('zh'));

const many = (n: number, from = 0) => Array.from({ length: n }, (_, index) => ({ id: `${from + index}`, appid: 'wx1', openid: `o${from + index}`, nickname: `客户${from + index}`, state: 'waiting', stage: 'queued', unread: 0, last_message_at: 1, version: 1, tags: [] }) as unknown as Conversation);

beforeEach(() => {
  fakeServer({});
  // A list of ten rows' height.
  for (const [size, pixels] of [['clientWidth', 320], ['clientHeight', 760], ['scrollHeight', 38_000]] as const) vi.spyOn(Element.prototype, size, 'get').mockReturnValue(pixels);
});
afterEach(() => vi.restoreAllMocks());

function List({ items, told }: { items: Conversation[]; told?(selection: Selection): void }) {
  const selection = useSelection(items);
  told?.(selection);
  const listed = { items, counts: { mine: 0, waiting: 0, all: items.length }, complete: true, error: null, isPending: false, refetch: () => undefined, more: undefined };
  return <Rows appid="wx1" view="all" q="" listed={listed} openId={undefined} cursor={-1} saved={false} selection={selection} onOpen={() => {}} />;
}
const show = (items: Conversation[], told?: (selection: Selection) => void) =>
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <List items={items} told={told} />
    </QueryClientProvider>,
  );

test('of 500 conversations some thirty rows are drawn, and no more while it is scrolled', () => {
  const { container } = show(many(500));
  const drawn = () => container.querySelectorAll('.wb-row').length;
  expect(drawn()).toBeGreaterThanOrEqual(10);
  expect(drawn()).toBeLessThanOrEqual(30);
  expect(screen.getByText('客户0')).toBeDefined();
  const box = container.querySelector('.wb-rows')!;
  for (const top of [7600, 19_000, 37_000]) {
    act(() => {
      box.scrollTop = top;
      fireEvent.scroll(box);
    });
    expect(drawn()).toBeLessThanOrEqual(30);
  }
  expect(screen.queryByText('客户0')).toBeNull();
  expect(screen.getByText('客户490')).toBeDefined();
});

test('chosen one by one, and with Shift all between', () => {
  let selection: Selection;
  show(many(9), (now) => (selection = now));
  expect(screen.queryByRole('checkbox')).toBeNull();
  act(() => selection.begin());
  const box = (n: number) => screen.getByRole('checkbox', { name: `选择 客户${n}` });
  fireEvent.click(box(2));
  fireEvent.click(box(5), { shiftKey: true });
  expect(selection!.chosen.map((one) => one.id)).toEqual(['2', '3', '4', '5']);
  fireEvent.click(box(3));
  expect(selection!.chosen.map((one) => one.id)).toEqual(['2', '4', '5']);
});

test('what leaves the list is chosen no more', () => {
  const { result, rerender } = renderHook(({ items }) => useSelection(items), { initialProps: { items: many(5) } });
  act(() => result.current.all());
  expect(result.current.chosen).toHaveLength(5);
  rerender({ items: many(3, 2) });
  expect(result.current.chosen.map((one) => one.id)).toEqual(['2', '3', '4']);
  act(() => result.current.between(2, 0));
  act(() => result.current.end());
  expect([result.current.on, result.current.chosen.length]).toEqual([false, 0]);
});
