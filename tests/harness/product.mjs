// The whole product on free ports: the real binary as server and as sandbox, a mini program configured on both sides,
// one account for each role.
import { Program, runBinary, temporaryFolder } from './process.mjs';
import { Api, SandboxClient } from './client.mjs';

export const password = 'correct-horse-battery';
export const credentials = {
  secret: '0123456789abcdef0123456789abcdef',
  token: 'MiniOpsTestToken01',
  encoding_aes_key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
};
const roles = ['admin', 'operator', 'developer', 'analyst', 'agent'];

async function runAdmin(args, input = '') {
  const done = await runBinary(['admin', ...args], { input });
  if (done.status !== 0) throw new Error(`miniops admin ${args[0]}: ${done.stderr}`);
  return done.stdout.trim();
}

// options: database (address), official (WeChat's own data are pulled), mode, format, appid, serverArgs, sandboxArgs, env, data (a folder that stays),
// clock (a SimulatedClock that all of it follows)
export async function startProduct(options = {}) {
  const appid = options.appid ?? 'wx0123456789abcdef';
  const folder = options.data ? { path: options.data, remove() {} } : temporaryFolder('data');
  const moved = options.clock ? ['--tests-clock-file', options.clock.file] : [];
  const sandboxProgram = new Program(['sandbox', '--listen', '127.0.0.1:0', ...moved, ...(options.sandboxArgs ?? [])], { env: options.env });
  const sandboxUrl = await sandboxProgram.start();
  const sandbox = new SandboxClient(sandboxUrl);

  const database = options.database;
  const args = ['serve', '--listen', '127.0.0.1:0', '--data', folder.path, '--wechat-api-base', sandboxUrl, '--notify-wecom-base', sandboxUrl, '--notify-tencent-sms-base', sandboxUrl];
  // What WeChat is asked on a schedule would be counted among the calls of a test.
  if (!options.official) args.push('--official-enabled', 'false');
  if (database) args.push('--database', database);
  const server = new Program([...args, ...moved, ...(options.serverArgs ?? [])], { env: options.env });
  await server.start();

  const accounts = {};
  const where = ['--data', folder.path, ...(database ? ['--database', database] : []), ...moved];
  const admin = (args, input) => runAdmin([...args, ...where], input);
  await admin(['create-user', '--username', 'boss', '--role', 'admin', '--password-stdin'], `${password}\n`);
  accounts.boss = { username: 'boss', password };
  const key = await admin(['create-api-key', '--user', 'boss', '--name', 'tests']);
  const api = new Api(server.url, { key });
  const mode = options.mode ?? 'safe';
  const format = options.format ?? 'xml';
  const connectSandbox = (pushUrl = `${server.url}/wechat/push/${appid}`) => sandbox.app({ appid, push_url: pushUrl, mode, format, ...credentials });
  await connectSandbox();
  await api.post('/miniprograms', { appid, name: '示例小程序', ...credentials, mode, format });
  const addMember = async (name, role, username) => {
    await admin(['create-user', '--username', username, '--role', role, '--miniprogram', appid, '--password-stdin'], `${password}\n`);
    accounts[name] = { username, password };
  };
  for (const role of roles) await addMember(role, role, `${role}1`);

  return {
    url: server.url,
    sandboxUrl,
    sandbox,
    server,
    sandboxProgram,
    api,
    key,
    appid,
    accounts,
    data: folder.path,
    clock: options.clock,
    connectSandbox,
    // Somebody else of the mini program; signs in, from now on, by `name`.
    addMember,
    login: (role) => Api.login(server.url, accounts[role].username, accounts[role].password),
    // After a kill: the same data folder on the same port, so that the sandbox finds it again.
    async restart() {
      const port = new URL(server.url).port;
      server.args[server.args.indexOf('--listen') + 1] = `127.0.0.1:${port}`;
      await server.start();
    },
    // WeChat comes back at the same address, and has forgotten everything but the mini program.
    async restartSandbox() {
      sandboxProgram.args[sandboxProgram.args.indexOf('--listen') + 1] = new URL(sandboxUrl).host;
      await sandboxProgram.start();
      await connectSandbox();
    },
    async stop() {
      try {
        await server.stop();
      } finally {
        await sandboxProgram.stop();
        folder.remove();
      }
    },
  };
}
