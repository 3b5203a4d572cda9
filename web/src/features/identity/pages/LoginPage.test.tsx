import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeAll, expect, test } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { startI18n } from '@/i18n';
import { LoginPage } from './LoginPage';

beforeAll(() => startI18n('zh'));

const session = (must_change_password = false) => ({ csrf_token: 'c', permissions: {}, account: { id: '1', username: 'boss', display_name: '', instance_admin: true, must_change_password, roles: [] } });
const signedOut = { status: 401, body: { type: '', title: '', status: 401, code: 'identity.unauthenticated' } };

function show(address = '/login') {
  const router = createMemoryRouter([{ path: '/login', Component: LoginPage }, { path: '*', element: <p>inside</p> }], { initialEntries: [address] });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return router;
}

async function fillIn() {
  fireEvent.change(await screen.findByLabelText('用户名'), { target: { value: ' boss ' } });
  fireEvent.change(screen.getByLabelText('密码'), { target: { value: 'secret' } });
  fireEvent.click(screen.getByRole('button', { name: '登录' }));
}

test('a wrong password is said in words, with its code', async () => {
  fakeServer({ 'GET /session': () => signedOut, 'POST /session': () => ({ status: 401, body: { type: '', title: '', status: 401, code: 'identity.wrong_credentials' } }) });
  show();
  await fillIn();
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('用户名或密码不对');
  expect(alert.textContent).toContain('identity.wrong_credentials');
});

test.each([
  ['/login?next=%2Fm%2Fwx1%2Foverview', '/m/wx1/overview'],
  ['/login?next=https%3A%2F%2Fevil.example', '/'],
  ['/login?next=%2F%2Fevil.example', '/'],
  ['/login?next=%2F%5Cevil.example', '/'],
])('after signing in at %s one is at %s', async (address, there) => {
  const server = fakeServer({ 'GET /session': () => signedOut, 'POST /session': () => ({ body: session() }) });
  const router = show(address);
  await fillIn();
  await screen.findByText('inside');
  expect(router.state.location.pathname).toBe(there);
  expect(server.of('POST /session')[0]!.body).toEqual({ username: 'boss', password: 'secret' });
});

test('a first password must be changed; the one just typed is not asked for again', async () => {
  let changed = false;
  const server = fakeServer({
    'GET /session': () => (changed ? { body: session(false) } : signedOut),
    'POST /session': () => ({ body: session(true) }),
    'POST /account/password': () => {
      changed = true;
      return { status: 204 };
    },
  });
  show();
  await fillIn();
  fireEvent.change(await screen.findByLabelText('新密码'), { target: { value: 'my-own-password' } });
  const again = screen.getByLabelText('再输一次新密码');
  fireEvent.change(again, { target: { value: 'my-own-passwort' } });
  fireEvent.submit(again.closest('form')!);
  expect((await screen.findByRole('alert')).textContent).toContain('两次输入的密码不一样');
  fireEvent.change(again, { target: { value: 'my-own-password' } });
  fireEvent.submit(again.closest('form')!);
  await screen.findByText('inside');
  const [call] = server.of('POST /account/password');
  expect(call!.body).toEqual({ old_password: 'secret', new_password: 'my-own-password' });
  expect(call!.headers.get('X-CSRF-Token')).toBe('c');
});
