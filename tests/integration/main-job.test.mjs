// The main job, on both engines and in every mode and format: a customer's message reaches an agent live, the agent's
// answer reaches the phone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Postgres } from '../harness/postgres.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { Live } from '../harness/live.mjs';

const setups = [
  { name: 'SQLite, safe mode, XML', mode: 'safe', format: 'xml' },
  { name: 'SQLite, compatible mode, JSON', mode: 'compatible', format: 'json' },
  { name: 'SQLite, plain mode, JSON', mode: 'plain', format: 'json' },
  { name: 'PostgreSQL, safe mode, JSON', mode: 'safe', format: 'json', postgres: true },
];

for (const setup of setups) {
  describe(setup.name, () => {
    let product;
    let postgres;
    let agent;
    let live;
    before(async () => {
      if (setup.postgres) postgres = await Postgres.start();
      product = await startProduct({ mode: setup.mode, format: setup.format, database: postgres?.create('miniops') });
      agent = await product.login('agent');
      await agent.put(`/miniprograms/${product.appid}/presence`, { presence: 'online' });
      live = await Live.connect(product.url, agent, { [product.appid]: null });
    });
    after(async () => {
      live?.close();
      await product?.stop();
      await postgres?.stop();
    });

    test('the push address verifies', async () => {
      const answer = await product.sandbox.call('POST', `/sandbox/apps/${product.appid}/verify`);
      assert.equal(answer.ok, true);
    });

    test('a message travels to the agent and the answer back', async () => {
      const { openid } = await product.sandbox.user(product.appid, { nickname: '小明' });
      const pushed = await product.sandbox.say(product.appid, openid, '我的订单 20251121 还没有发货');
      assert.equal(pushed.push.tries.at(-1).body, 'success');
      const change = await live.wait((one) => one.topic === 'message' && one.data.text?.content.includes('20251121'), 'the message in the live stream');
      assert.equal(change.data.direction, 'in');
      const conversation = await agent.get(`/conversations/${change.data.conversation_id}`);
      assert.equal(conversation.openid, openid);
      assert.equal(conversation.budget.remaining, 5);

      const sent = await agent.post(`/conversations/${conversation.id}/messages`, { msgtype: 'text', text: { content: '您好，已经为您加急处理。' } });
      assert.equal(sent.state, 'queued');
      const phone = await until(async () => {
        const items = await product.sandbox.phone(product.appid, openid);
        return items.find((one) => one.direction === 'out') && items;
      }, 'the answer on the phone');
      assert.equal(phone.find((one) => one.direction === 'out').text.content, '您好，已经为您加急处理。');
      await live.wait((one) => one.topic === 'message' && one.data.id === sent.id && one.data.state === 'sent', 'the message as sent');
      const after = await agent.get(`/conversations/${conversation.id}`);
      assert.equal(after.budget.remaining, 4);
    });

    test('messages are numbered in the order in which they came', async () => {
      const { openid } = await product.sandbox.user(product.appid);
      for (const text of ['一', '二', '三']) await product.sandbox.say(product.appid, openid, text);
      const messages = await until(async () => {
        const { items } = await agent.get(`/miniprograms/${product.appid}/conversations`);
        const found = items.find((one) => one.openid === openid);
        const list = found && (await agent.get(`/conversations/${found.id}/messages`)).items;
        return list?.length === 3 && list;
      }, 'three messages');
      assert.deepEqual(messages.map((one) => one.text.content), ['三', '二', '一']);
      assert.deepEqual(messages.map((one) => one.seq), [3, 2, 1]);
    });

    test('an entry event opens no conversation', async () => {
      const { openid } = await product.sandbox.user(product.appid);
      await product.sandbox.say(product.appid, openid, { event: 'user_enter_tempsession', session_from: 'page=pages/order&id=9' });
      const { items } = await agent.get(`/miniprograms/${product.appid}/conversations`);
      assert.ok(!items.some((one) => one.openid === openid));
      await product.sandbox.say(product.appid, openid, '在吗');
      await until(async () => (await agent.get(`/miniprograms/${product.appid}/conversations`)).items.some((one) => one.openid === openid), 'the conversation');
    });

    test('a picture that a customer sends is fetched and kept', async () => {
      const { openid } = await product.sandbox.user(product.appid);
      await product.sandbox.say(product.appid, openid, { msgtype: 'image' });
      const change = await live.wait((one) => one.topic === 'message' && one.data.msgtype === 'image' && one.data.direction === 'in', 'the picture message');
      const { media_id: mediaId } = change.data.image;
      const bytes = await until(async () => {
        const answer = await agent.call('GET', `/miniprograms/${product.appid}/media/${encodeURIComponent(mediaId)}`, { raw: true });
        return answer.ok && Buffer.from(await answer.arrayBuffer());
      }, 'the picture');
      assert.ok(bytes.length > 50);
    });

    test('a two-character Chinese word is found', async () => {
      const { openid } = await product.sandbox.user(product.appid);
      await product.sandbox.say(product.appid, openid, '想问一下微信支付的退款');
      const found = await until(async () => {
        const { items } = await agent.get(`/miniprograms/${product.appid}/search?q=${encodeURIComponent('退款')}`);
        return items.length > 0 && items;
      }, 'the message found');
      assert.match(found[0].message.text.content, /退款/);
    });

    test('after kill -9 live updates go on within seconds', async () => {
      live.close();
      await product.server.kill();
      await product.restart();
      agent = await product.login('agent');
      live = await Live.connect(product.url, agent, { [product.appid]: null });
      const { openid } = await product.sandbox.user(product.appid);
      await product.sandbox.say(product.appid, openid, '重启之后');
      await live.wait((one) => one.topic === 'message' && one.data.text?.content === '重启之后', 'the message after the restart', setup.postgres ? 30000 : 5000);
    });

    test('after a reconnect exactly what was missed is sent', async () => {
      const last = live.seq.get(product.appid);
      live.close();
      const { openid } = await product.sandbox.user(product.appid);
      await product.sandbox.say(product.appid, openid, '断线期间的消息');
      live = await Live.connect(product.url, agent, { [product.appid]: last });
      const change = await live.wait((one) => one.topic === 'message' && one.data.text?.content === '断线期间的消息', 'the missed message');
      assert.ok(change.seq > last);
      assert.ok(live.ready.get(product.appid).resumed);
      assert.equal(live.gaps, 0);
    });
  });
}
