// A lifelike morning at the desk, made through the sandbox and the API, for pages to be looked at.
import { until } from '../harness/process.mjs';

export async function customer(product, nickname) {
  const { openid } = await product.sandbox.user(product.appid, { nickname });
  return {
    openid,
    nickname,
    say: (message) => product.sandbox.say(product.appid, openid, message),
    phone: () => product.sandbox.phone(product.appid, openid),
  };
}

export function conversationOf(product, openid) {
  return until(async () => {
    const { items } = await product.api.get(`/miniprograms/${product.appid}/conversations?limit=100`);
    return items.find((one) => one.openid === openid);
  }, 'the conversation in the desk');
}

const talk = [
  ['林小满', ['你好，我昨天下单的桂花乌龙还没有发货', '订单号 20261120-0837', '能帮我看一下吗？']],
  ['陈思远', ['请问可以开发票吗？']],
  ['王阿姨', ['退款什么时候到账呀', '已经三天了']],
  ['Alex', ['Hi, do you ship to Hong Kong? https://example.com/item/42']],
  ['周末露营', ['帐篷的尺寸是多少？']],
  ['小鹿', ['优惠券用不了，提示不在活动范围内']],
];

// The first customer's conversation is with the agent and has been answered; the others wait.
export async function morning(product) {
  const { api, appid } = product;
  const base = `/miniprograms/${appid}`;
  await api.put(`${base}/desk-settings`, { reopen_minutes: 30, grace_seconds: 60, load_max_default: 10, auto_assign: false });
  await api.post(`${base}/rules`, { name: '进入欢迎', kind: 'greeting', match: 'contains', patterns: [], replies: [{ msgtype: 'text', text: { content: '您好，欢迎光临！请问有什么可以帮您？' } }], priority: 100, pause_s: 3600, enabled: true });
  await api.post(`${base}/rules`, { name: '发票', kind: 'keyword', match: 'contains', patterns: ['发票', '开票'], replies: [{ msgtype: 'text', text: { content: '可以的，在“我的订单”里点“申请发票”，一个工作日内开出。' } }], priority: 50, pause_s: 60, enabled: true });
  await api.post(`${base}/quick-replies`, { shortcut: 'fahuo', title: '发货时间', content: '您好，现货订单 24 小时内发出，预售以页面时间为准。', scope: 'shared' });
  await api.post(`${base}/quick-replies`, { shortcut: 'tuikuan', title: '退款到账', content: '退款一般 1–3 个工作日原路退回，请您留意账单。', scope: 'shared' });
  await api.post(`${base}/words`, { word: '加微信', action: 'mask' });
  await api.put(`${base}/hours`, {
    time_zone: 'Asia/Shanghai',
    days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ from: '09:00', to: '12:00' }, { from: '13:30', to: '18:00' }]])),
    special: [
      { date: '2027-02-06', name: '春节', spans: [] },
      { date: '2027-02-14', name: '春节调休', as: 'mon' },
      { date: '2027-02-15', name: '年后第一天', spans: [{ from: '10:00', to: '16:00' }] },
    ],
  });
  const customers = [];
  for (const [nickname, lines] of talk) {
    const one = await customer(product, nickname);
    await one.say({ event: 'user_enter_tempsession', session_from: '商品详情页' });
    for (const line of lines) await one.say(line);
    one.conversation = await conversationOf(product, one.openid);
    await api.patch(`${base}/customers/${one.openid}`, { nickname });
    customers.push(one);
  }
  const agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
  const first = customers[0].conversation.id;
  await agent.post(`/conversations/${first}/take`);
  await agent.post(`/conversations/${first}/messages`, { msgtype: 'text', text: { content: '您好，帮您查到了：今天下午 4 点前发出，顺丰快递。' } });
  await agent.post(`/conversations/${first}/messages`, { msgtype: 'note', note: { content: '老客户，上个月也催过一次，优先处理。' } });
  await agent.post(`/conversations/${first}/messages`, { msgtype: 'link', link: { title: '查看物流进度', description: '实时更新每一站', url: 'https://example.com/track', thumb_url: 'https://example.com/t.png' } });
  await agent.patch(`${base}/customers/${customers[0].openid}`, { tags: ['老客户', '茶叶'], note: '喜欢桂花乌龙，收货地址在杭州。' });
  return { customers, first };
}
