// The query box: what is offered is put in where the cursor stands; what is wrong is underlined and mended.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { createRef, useState } from 'react';
import { beforeAll, expect, test, vi } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, startI18n } from '@/i18n';
import { QueryBox } from './QueryBox';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('logs');
});

const base = '/miniprograms/wx1/logs';
const unclosed = (query: string) => ({ code: 'unclosed_parenthesis', message: 'not closed', offset: [...query.slice(0, query.indexOf('('))].length, length: 1, suggestion: `${query})` });

function box(value: string) {
  const server = fakeServer({
    [`POST ${base}/parse`]: ({ body }) => {
      const { query } = body as { query: string };
      const wrong = query.includes('(') && !query.includes(')');
      return { body: { ok: !wrong, query: wrong ? null : query, error: wrong ? unclosed(query) : null } };
    },
    [`GET ${base}/complete`]: ({ url }) => {
      const cursor = Number(url.searchParams.get('cursor'));
      return { body: { from: cursor - 3, to: cursor, items: [{ text: 'level:', kind: 'field', detail: 'english' }, { text: 'AND', kind: 'keyword', detail: '' }] } };
    },
  });
  const submitted = vi.fn();
  const ref = createRef<HTMLTextAreaElement>();
  function Page() {
    const [query, setQuery] = useState(value);
    return <QueryBox appid="wx1" value={query} source="log" box={ref} submit={(next) => (submitted(next), setQuery(next))} />;
  }
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Page />
    </QueryClientProvider>,
  );
  return { server, submitted, input: screen.getByRole<HTMLTextAreaElement>('textbox', { name: '查询语句' }) };
}

test('an offer takes the place of what it completes, and the rest of the query stays', async () => {
  const { input, submitted } = box('');
  fireEvent.focus(input);
  fireEvent.change(input, { target: { value: '😀 lev 支付' } });
  input.setSelectionRange(6, 6);
  fireEvent.select(input);
  await screen.findByRole('option', { name: /^level:/ });
  expect(screen.getByRole('option', { name: /^level:/ }).textContent).toBe('level:级别字段');
  fireEvent.keyDown(input, { key: 'ArrowUp' });
  expect(screen.getByRole('option', { name: /^AND/ }).getAttribute('aria-selected')).toBe('true');
  fireEvent.keyDown(input, { key: 'ArrowDown' });
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(input.value).toBe('😀 level: 支付');
  expect(input.selectionStart).toBe('😀 level:'.length);
  expect(submitted).not.toHaveBeenCalled();
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(submitted).toHaveBeenCalledExactlyOnceWith('😀 level: 支付');
});

test('Enter asks when nothing is picked; while an input method composes it does not', async () => {
  const { input, submitted } = box('支付');
  fireEvent.keyDown(input, { key: 'Enter', isComposing: true });
  expect(submitted).not.toHaveBeenCalled();
  fireEvent.change(input, { target: { value: '支付\n失败 ' } });
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(submitted).toHaveBeenCalledExactlyOnceWith('支付 失败');
});

test('what cannot be read is underlined at its place, said in words, and mended with one press', async () => {
  const { input, submitted } = box('😀 (a');
  await screen.findByText(/第 3 个字符：括号没有闭合/);
  expect(document.querySelector('u')!.textContent).toBe('(');
  expect(input.getAttribute('aria-invalid')).toBe('true');
  fireEvent.click(screen.getByRole('button', { name: /改为/ }));
  expect(submitted).toHaveBeenCalledExactlyOnceWith('😀 (a)');
  await waitFor(() => expect(input.getAttribute('aria-invalid')).toBe('false'));
  expect(document.querySelector('u')).toBeNull();
});
