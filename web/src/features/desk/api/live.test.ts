import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { keys } from './conversations';
import { applySnapshot } from './live';

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
