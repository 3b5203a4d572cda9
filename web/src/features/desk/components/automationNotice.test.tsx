// What automation rules tell supervisors.
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { startI18n } from '@/i18n';
import { tell } from './automationNotice';

beforeAll(() => startI18n('zh'));

function show() {
  let notification!: Parameters<typeof tell>[0];
  const Inside = () => ((notification = App.useApp().notification), null);
  const router = createMemoryRouter([{ path: '*', element: <App><Inside /></App> }], { initialEntries: ['/m/wx1/overview'] });
  render(<RouterProvider router={router} />);
  return { router, tell: (data: Record<string, unknown>) => act(() => tell(notification, 'wx1', data)) };
}

test('a notice leads to its conversation, the newest of a rule in the place of the one before; a pause to the rules', async () => {
  const { router, tell } = show();
  const notice = { kind: 'notice', rule_id: '5', rule_name: '等久了', conversation_id: '98', text: '等了 10 分钟' };
  await tell({ ...notice, kind: 'sneezed' });
  await tell(notice);
  await tell({ ...notice, conversation_id: '99', text: '等了 20 分钟' });
  await tell({ kind: 'paused', rule_id: '6', rule_name: '都发' });
  await screen.findByText('自动化规则“都发”触发得太频繁，已暂停');
  expect(screen.getByText('等了 20 分钟')).toBeDefined();
  expect(screen.queryByText('等了 10 分钟')).toBeNull();
  expect(screen.getByText('自动化规则“等久了”')).toBeDefined();
  expect(screen.getByRole('link', { name: '查看规则' }).getAttribute('href')).toBe('/m/wx1/automation');
  fireEvent.click(screen.getByRole('link', { name: '查看会话' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/m/wx1/desk/workbench/99'));
});
