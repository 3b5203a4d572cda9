// The closing of a conversation: solved unless somebody says otherwise.
import { fireEvent, render, screen } from '@testing-library/react';
import { ConfigProvider } from 'antd';
import { beforeAll, expect, test, vi } from 'vitest';
import { startI18n } from '@/i18n';
import CloseDialog from './CloseDialog';

beforeAll(() => startI18n('zh'));

function show() {
  const [end, close] = [vi.fn(), vi.fn()];
  render(
    <ConfigProvider button={{ autoInsertSpace: false }}>
      <CloseDialog end={end} close={close} />
    </ConfigProvider>,
  );
  return { end, close };
}

test('Enter ends it as solved', () => {
  const { end } = show();
  fireEvent.keyDown(screen.getByRole('radio', { name: '已解决' }), { key: 'Enter' });
  expect(end.mock.calls).toEqual([['resolved']]);
});

test('the other outcome is chosen; leaving ends nothing', () => {
  const { end, close } = show();
  fireEvent.click(screen.getByRole('radio', { name: '未解决' }));
  fireEvent.click(screen.getByRole('button', { name: '取消' }));
  expect([end.mock.calls.length, close.mock.calls.length]).toEqual([0, 1]);
  fireEvent.click(screen.getByRole('button', { name: '结束会话' }));
  expect(end.mock.calls).toEqual([['unresolved']]);
});
