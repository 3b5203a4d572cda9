// What the examples of docs/api stand on: one product with WeChat's data, somebody who receives events, and for each page
// customers of its own. docs/api/README.md says what the variables are.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { picture } from './picture.mjs';
import { runBinary, until } from './process.mjs';
import { password, startProduct } from './product.mjs';

const hour = 3_600_000;
const map = JSON.stringify({ version: 3, sources: ['src/pay.ts'], names: [], mappings: 'AAAA' });
export const files = { 'picture.png': picture, 'pay.js.map': map };

// Takes every event, and finds nothing wrong with any text.
async function startReceiver() {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"verdict":"pass"}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

export async function startWorld() {
  const receiver = await startReceiver();
  const product = await startProduct({ official: true, serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1', '--server-public-url', 'http://ops.example.cn'] });
  const made = await runBinary(['admin', 'create-api-key', '--user', 'agent1', '--name', 'examples', '--data', product.data]);
  await product.sandbox.call('POST', '/sandbox/robots', { key: 'examples', name: '值班群' });
  const agent = await product.login('agent');
  const day = (days) => new Date(Date.now() + days * 24 * hour + 8 * hour).toISOString().slice(0, 10);
  return {
    product,
    receiver,
    agent,
    values: {
      MINIOPS: product.url, KEY: product.key, APPID: product.appid, AGENT_KEY: made.stdout.trim(), AGENT: agent.session.account.id,
      PASSWORD: password, NEW_PASSWORD: `${password}-2`, RECEIVER: receiver.url, ROBOT: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=examples',
      NOW: Date.now(), FROM: Date.now() - 24 * hour, TO: Date.now() + hour, SOON: Date.now() + hour, YESTERDAY: day(-1), TODAY: day(0),
    },
    async stop() {
      await product.stop();
      receiver.stop();
    },
  };
}

const base = ({ product }) => `/miniprograms/${product.appid}`;
const messages = async ({ product }, id) => (await product.api.get(`/conversations/${id}/messages`)).items; // the newest first

// A customer who wrote `text` (or another message) and waits.
async function customer(world, text = '我的订单还没有到') {
  const { product } = world;
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, text);
  const found = async () => (await product.api.get(`${base(world)}/conversations?limit=100`)).items.find((one) => one.openid === openid);
  const conversation = await until(found, 'the conversation');
  const [person] = (await product.api.post(`${base(world)}/people/search`, { kind: 'openid', value: openid })).items;
  return { openid, id: conversation.id, person: person.profile_id };
}

const says = ({ product }, { openid }, text) => product.sandbox.say(product.appid, openid, text);
const sentTo = async ({ product }, { openid }) => (await product.sandbox.phone(product.appid, openid)).filter((one) => one.direction === 'out').map((one) => one.text?.content ?? '');
const heard = (world, who, pattern) => until(async () => (await sentTo(world, who)).map((text) => text.match(pattern)).find(Boolean), String(pattern));

// What single pages need besides; each gives further variables.
const makers = {
  async 'conversations.md'(world, { id }) {
    const { product } = world;
    await product.sandbox.fault(product.appid, { api: 'message/custom/send', errcode: 87014, times: 1 });
    const sent = await product.api.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content: '已加急' } });
    await until(async () => (await messages(world, id)).find((one) => one.id === sent.id).state === 'failed', 'the message to fail');
    const number = (await messages(world, id)).find((one) => one.direction === 'in');
    await product.api.post(`/conversations/${id}/release`);
    return { FAILED: sent.id, NUMBER_MESSAGE: number.id };
  },
  async 'mini-programs.md'(world) {
    const { id } = await customer(world, { msgtype: 'image' });
    const [{ image }] = await messages(world, id);
    const fetched = async () => (await world.product.api.call('GET', `${base(world)}/media/${image.media_id}`, { raw: true })).ok;
    await until(fetched, 'the picture');
    return { MEDIA: image.media_id };
  },
  async 'queue-and-tiers.md'(world) {
    const { product } = world;
    const group = async (set) => {
      const { version } = await product.api.get(`${base(world)}/teams/groups/1`);
      await product.api.patch(`${base(world)}/teams/groups/1`, { version, busy: { set } });
    };
    await product.api.put(`${base(world)}/queue-settings`, { notices: true, leave: true });
    await group('on');
    const left = await customer(world, '有人吗');
    await heard(world, left, /回复 1/);
    await says(world, left, '1');
    await until(async () => (await sentTo(world, left)).length === 2, 'the question');
    await says(world, left, '发票抬头错了');
    await until(async () => (await product.api.get(`/conversations/${left.id}`)).stage === 'parked', 'the message left');
    await group('off');
    return { LEFT: left.id };
  },
  async 'satisfaction.md'(world, who) {
    const { product } = world;
    await product.api.patch(`${base(world)}/satisfaction/settings`, { enabled: true, form: 'link', follow_up: { score_max: 2, owner: 'nobody', due_hours: 24 } });
    await product.api.post(`/conversations/${who.id}/messages`, { msgtype: 'text', text: { content: '已为您处理' } });
    await until(async () => (await messages(world, who.id))[0].state === 'sent', 'the answer to be sent');
    await product.api.post(`/conversations/${who.id}/close`, { reason: '已解决' });
    const [, token] = await heard(world, who, /\/rate\/([A-Za-z0-9]+)$/);
    return { RATING: token };
  },
};

// The variables of a page: everybody's, and those of customers who wrote for it while nobody was at work.
export async function valuesFor(world, page) {
  for (const api of [world.agent, world.product.api]) await api.put(`${base(world)}/presence`, { presence: 'offline', load_max: 100 });
  const [first, second, third] = [await customer(world, '我的订单还没有到，电话 13812345678'), await customer(world), await customer(world)];
  const own = { CONVERSATION: first.id, OPENID: first.openid, PERSON: first.person, OTHER_PERSON: second.person, THIRD_PERSON: third.person };
  return { ...world.values, ...own, ...(await makers[page]?.(world, first)) };
}
