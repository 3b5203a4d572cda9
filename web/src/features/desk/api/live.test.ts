import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, test } from 'vitest';
import { keys, storeConversation } from './conversations';
import { applyChange, applyCounts, applySnapshot } from './live';

test('a read that is under way when the live stream starts is read again: it may be older than the stream', async () => {
  const client = new QueryClient();
  const answers: ((text: string) => void)[] = [];
  const queryFn = () => new Promise<string>((answer) => answers.push(answer));
  const observer = new QueryObserver(client, { queryKey: keys.thread('1'), queryFn, staleTime: Infinity });
  const stop = observer.subscribe(() => {});
  expect(answers).toHaveLength(1);

  applySnapshot(client, 'wx1');
  answers[0]!('before the stream');
  await expect.poll(() => answers.length).toBe(2);
  answers[1]!('with all before the stream');
  await expect.poll(() => client.getQueryData(keys.thread('1'))).toBe('with all before the stream');
  stop();
});

describe('a conversation that goes to another group', () => {
  const item = (version: number) => ({ id: '7', appid: 'wx1', thread_id: '9', state: 'active', version, budget: {}, timers: [] }) as never;
  const told = (client: QueryClient, topic: string, data: object) => applyChange(client, { appid: 'wx1', seq: 1, topic, data: data as never });
  const listed = (client: QueryClient) => client.getQueryData<{ items: { id: string }[] }>(keys.open('wx1'))!.items.map((one) => one.id);
  const desk = () => {
    const client = new QueryClient();
    client.setQueryData(keys.open('wx1'), { items: [item(1)], complete: true });
    client.setQueryData(keys.one('7'), item(1));
    return client;
  };

  test('leaves the list, and what was known of it is forgotten', () => {
    const client = desk();
    told(client, 'conversation_left', { id: '7' });
    expect(listed(client)).toEqual([]);
    expect(client.getQueryData(keys.one('7'))).toBeUndefined();
  });

  test('does not come back with the answer to the call that moved it', () => {
    const client = desk();
    told(client, 'conversation_left', { id: '7' });
    storeConversation(client, item(2));
    expect(listed(client)).toEqual([]);
  });

  test('comes back when a change tells of it: to whoever reads all, at once', () => {
    const client = desk();
    told(client, 'conversation_left', { id: '7' });
    told(client, 'conversation', item(2));
    expect(listed(client)).toEqual(['7']);
  });

  test('may be read again when the groups changed', () => {
    const client = desk();
    told(client, 'conversation_left', { id: '7' });
    told(client, 'teams', {});
    storeConversation(client, item(3));
    expect(listed(client)).toEqual(['7']);
  });
});

test('counts are taken over where they are known, and what they do not say stays', () => {
  const client = new QueryClient();
  const told = { appid: 'wx1', seq: 5, counts: { mine: 1, waiting: 4, active: 2 } };
  expect(applyCounts(client, told)).toBeUndefined();
  client.setQueryData(keys.counts('wx1'), { mine: 1, waiting: 3, active: 2, closed_today: 8 });
  expect(applyCounts(client, told)).toMatchObject({ waiting: 3 });
  expect(client.getQueryData(keys.counts('wx1'))).toEqual({ mine: 1, waiting: 4, active: 2, closed_today: 8 });
});
