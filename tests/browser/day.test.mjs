// A day in the life of a service team, on a simulated clock: a Friday and the Saturday that is worked for it (调休), three
// agents, a supervisor and sixty customers; routing, overflow, a transfer that is accepted, a whisper, a warning of a
// service level, a reopened conversation, a restart in the middle, a window that expired, scores. In the end every number
// of the reports is that of a script that reads nothing but the exported journal, and that is seen to find a mistake.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { root, temporaryFolder, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { SimulatedClock } from '../harness/simulated_clock.mjs';
import { accessibility, launch, open, screenshot, settled, signIn } from './browser.mjs';
import { at, office, Scene } from './day_scene.mjs';
import { choose } from './quality_scene.mjs';

const second = 1000;
const minute = 60 * second;
const friday = '02-27';
const saturday = '02-28';
const sunday = '03-01';
const tuesday = '03-03';
const all = (list, work) => Promise.all(list.map(work));
const sources = ['商品详情页', '首页', undefined];

let clock;
let product;
let browser;
let scene;
let folder;
const known = {}; // customers that are met again
before(async () => {
  clock = new SimulatedClock('2026-02-27T08:50:00+08:00');
  folder = temporaryFolder('day');
  product = await startProduct({ clock, serverArgs: ['--server-session-idle-minutes', '20000'] });
  browser = await launch();
  scene = new Scene(product);
  await scene.setUp();
});
after(async () => {
  await browser?.close();
  await product?.stop();
  clock?.remove();
  folder?.remove();
});

const workbench = (one) => `/m/${product.appid}/desk/workbench${one ? `/${one.id}` : ''}`;
const roleOf = { agent1: 'agent', agent2: 'agent2', agent3: 'agent3' };

async function staff(role, path) {
  const window = await open(browser, product);
  const { page } = window;
  // What is told from now on comes to this window.
  const following = new Promise((resolve) => {
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => String(payload).includes('"ready"') && resolve()));
  });
  await signIn(window, product.accounts[role], path);
  return {
    ...window,
    following,
    dialog: page.getByRole('dialog'),
    head: (text) => page.locator('.wb-head', { hasText: text }),
    row: (text) => page.locator('.wb-row', { hasText: text }),
    note: (text) => page.locator('.bubble-note', { hasText: text }),
    bar: (name) => page.getByRole('group', { name, exact: true }),
    toast: page.locator('.ant-notification-notice'),
    async write(text, state = 'sent') {
      const composer = page.locator('#composer');
      await composer.fill(text);
      await composer.press('Enter');
      await page.locator(`.bubble-out[data-state=${state}]`, { hasText: text }).waitFor();
    },
    // but: what the browser also says when the server is away
    async done(but = []) {
      assert.deepEqual(
        window.problems.filter((one) => !but.some((words) => one.includes(words))),
        [],
      );
      await window.close();
    },
  };
}

test('Friday begins: an agent comes to work, and server, sandbox and page have the same time', async () => {
  await scene.until(at(friday, '09:00'));
  const { page, done } = await staff('agent', workbench());
  await page.locator('.rail-account', { hasText: '离线' }).click();
  await page.getByRole('menuitem', { name: /^在线/ }).click();
  await page.locator('.rail-account', { hasText: '在线' }).waitFor();
  await scene.presence(['agent1', 'agent2', 'agent3'], 'online');
  const times = [
    clock.now(),
    await page.evaluate(() => Date.now()),
    (await product.sandbox.call('GET', '/sandbox/clock')).now,
    (await scene.agents.agent1.get(`${scene.base}/presence`)).since,
  ];
  assert.ok(Math.max(...times) - Math.min(...times) < 30 * second, `they differ: ${times}`);
  assert.equal(new Intl.DateTimeFormat('en-CA', { timeZone: office.time_zone }).format(times[1]), '2026-02-27');
  await done();
});

test('customers are routed to the group that sells, wait where nobody is free, and are served', async () => {
  const came = await scene.wave(Array.from({ length: 12 }, (_, n) => `请问有货吗，第 ${n} 款`), { sources });
  for (const one of came) assert.equal((await scene.now(one)).group_id, scene.sales);
  known.returns = came.find((one) => one.number % 5 !== 4);
});

test('one is answered, handed on and accepted, whispered about, and closed with its reason', async () => {
  await scene.until(at(friday, '10:00'));
  await scene.presence(['agent2'], 'busy'); // so that it is the first agent's
  const one = await scene.comes('我的订单什么时候发货', { nickname: '林小满', source: '商品详情页' });
  assert.equal(await scene.agentOf(one), scene.agents.agent1);
  await scene.minutes(2);
  const first = await staff('agent', workbench());
  const taker = await staff('agent2', workbench());
  const lead = await staff('operator', `/m/${product.appid}/desk/live`);

  await first.row('我的订单什么时候发货').click();
  await first.head('agent1 接待中').waitFor();
  await product.sandbox.fault(product.appid, { api: 'message/custom/send', delay_ms: 400, times: 1 }); // accepted later than sent
  await first.write('您好，我帮您查一下');
  await first.page.getByRole('button', { name: '转接', exact: true }).click();
  await first.dialog.getByRole('radio', { name: /agent2/ }).check();
  await first.dialog.getByRole('button', { name: '转接', exact: true }).click();
  await first.page.getByText('已发出转接请求，等同事接受').waitFor();
  assert.equal((await scene.now(one)).assignee.display_name, 'agent1', 'until it is accepted');
  await taker.page.goto(product.url + workbench(one));
  await taker.bar('转接').getByRole('button', { name: '接受', exact: true }).click();
  await taker.head('agent2 接待中').waitFor();

  await lead.page.locator('.live-row', { hasText: '林小满' }).getByText('agent2').first().waitFor();
  await lead.page.locator('.live-agents li', { hasText: 'agent2' }).getByRole('button', { name: 'agent2', exact: true }).click();
  await lead.page.getByRole('heading', { name: 'agent2 的会话' }).waitFor();
  await lead.page.keyboard.press('j');
  await lead.page.locator('.live-current').waitFor();
  await lead.page.keyboard.press('w');
  await lead.dialog.getByRole('textbox', { name: '内容' }).fill('这单补一张优惠券');
  await lead.dialog.getByRole('textbox', { name: '内容' }).press('Enter');
  await lead.page.getByText('已告诉 agent2').waitFor();
  await taker.note('这单补一张优惠券').getByText('悄悄话 · 只有接待的客服和督导看得到').waitFor();
  assert.equal(await first.note('这单补一张优惠券').count(), 0, 'a colleague of the group hears nothing');
  await screenshot(taker.page, 'day-whisper');

  await taker.write('久等了，今天下午发出');
  await taker.page.locator('.wb-head').click();
  await taker.page.keyboard.press('e');
  const closing = taker.page.getByRole('dialog', { name: '结束会话' });
  await choose(taker.page, closing, '联系原因', '咨询');
  await closing.getByRole('button', { name: '结束会话', exact: true }).click();
  await taker.page.locator('.composer-closed').waitFor();
  await scene.scores(one, '5');
  const received = (await product.sandbox.phone(product.appid, one.openid)).filter((line) => line.direction === 'out').map((line) => line.text.content);
  assert.deepEqual(received.slice(0, 2), ['您好，我帮您查一下', '久等了，今天下午发出']);
  assert.equal(received.length, 3, 'and the question');
  for (const window of [first, taker, lead]) await window.done();
});

test('who asks for a refund and finds nobody free overflows to the other group', async () => {
  await scene.until(at(friday, '11:00'));
  const came = await all([1, 2, 3, 4, 5, 6], (n) => scene.comes(`我要退款，第 ${n} 单`, { source: sources[n % 3] }));
  const states = () => all(came, (one) => scene.now(one));
  await until(async () => (await states()).filter((state) => state.assignee?.display_name === 'agent3').length === 4, 'the agent of the group to be full');
  const left = (await states()).filter((state) => !state.assignee);
  assert.deepEqual(left.map((state) => [state.stage, state.group_id]), Array(2).fill(['queued', scene.afterSales]));
  await scene.minutes(5);
  const takers = await all(left, (one) => scene.agentOf(one));
  for (const taker of takers) assert.ok([scene.agents.agent1, scene.agents.agent2].includes(taker), 'of the other group');
  await scene.serve(came);
});

test('one is parked and taken up again, another comes back after it was closed', async () => {
  await scene.until(at(friday, '13:00'));
  const [parked, back] = await all(['能改收货地址吗', '优惠券用不了'], (text) => scene.comes(text));
  await scene.minutes(1);
  await all([parked, back], (one) => scene.answers(one, '我问一下仓库'));
  await (await scene.agentOf(parked)).post(`/conversations/${parked.id}/park`, {});
  await scene.closes(back);
  await scene.asked(back);
  await scene.minutes(12);
  await scene.says(back, '还有一个问题，能换颜色吗？');
  assert.ok(await scene.happened(back, 'reopened'));
  await scene.agentOf(back);
  await scene.minutes(28);
  await scene.says(parked, '地址发您了');
  assert.ok(await scene.happened(parked, 'unparked'));
  await scene.minutes(2);
  await all([parked, back], (one) => scene.answers(one, '改好了'));
  await all([parked, back], (one) => scene.closes(one));
  await scene.asked(parked);
  await scene.scores(parked, '4');
});

test('the server dies in the afternoon: nobody is forgotten, and it is as late as it was', async () => {
  await scene.until(at(friday, '15:00'));
  const came = await all(Array.from({ length: 10 }, (_, n) => `活动什么时候结束，第 ${n} 场`), (text) => scene.comes(text));
  const held = async () => (await all(came, (one) => scene.now(one))).filter((state) => state.assignee);
  await until(async () => (await held()).length === 8, 'two agents to be full');
  const mine = (await held()).find((state) => state.assignee.display_name === 'agent1');
  const window = await staff('agent', workbench(mine));
  await window.head('agent1 接待中').waitFor();
  await product.server.kill();
  await clock.advance(5 * minute);
  await product.restart();
  assert.equal((await held()).length, 8);
  await window.write('刚才系统重启，让您久等了');
  const [answer] = await scene.messages(mine);
  assert.ok(Math.abs(clock.now() - answer.created_at) < 30 * second, 'the server has the moved time');
  await scene.accepted(mine, answer.id);
  await scene.serveAll(came);
  await window.done(['net::ERR_', 'status of 50']);
});

test('Friday ends: one is not answered, one gives up, one writes in the night, whose time begins on the worked Saturday', async () => {
  await scene.until(at(friday, '17:30'));
  known.unanswered = await scene.comes('帐篷的尺寸是多少');
  await scene.agentOf(known.unanswered);
  await scene.until(at(friday, '17:50'));
  await scene.presence(['agent1', 'agent2', 'agent3'], 'offline');
  const gaveUp = await scene.comes('还有人吗');
  await scene.minutes(4);
  await scene.api.post(`/conversations/${gaveUp.id}/close`, { outcome: 'unresolved' });
  await scene.until(at(friday, '19:00'));
  known.night = await scene.comes('预售什么时候发');
  const [mark] = await until(async () => ((marks) => marks.length > 0 && marks)((await scene.now(known.night)).service_levels), 'the countdown');
  assert.equal(mark.kind, 'first_answer');
  assert.equal(mark.due_at, at(saturday, '09:10'), 'ten minutes of work after nine');
});

test('Saturday is worked: the supervisor is warned before the promise is broken, and it is kept', async () => {
  const one = known.night;
  await scene.until(at(saturday, '08:58'));
  await scene.presence(['agent1', 'agent2', 'agent3'], 'online');
  assert.equal((await scene.now(one)).stage, 'queued', 'nobody is on duty yet');
  await scene.until(at(saturday, '09:00'));
  const agent = await scene.agentOf(one);
  const lead = await staff('operator', `/m/${product.appid}/overview`);
  await lead.following;
  await scene.pass(at(saturday, '09:05') + 20 * second - clock.now());
  await until(() => scene.happened(one, 'service_level', 'half'), 'half of the time to be over');
  await scene.pass(at(saturday, '09:08') + 5 * second - clock.now());
  const warning = lead.toast.filter({ hasText: '首次响应：将超时' });
  await warning.waitFor();
  await screenshot(lead.page, 'day-warning');
  await warning.getByRole('link', { name: '查看会话' }).click();
  await lead.page.locator('.bubble-in', { hasText: '预售什么时候发' }).waitFor();
  await lead.page.locator('.wb-head .countdown', { hasText: '首次响应' }).waitFor();
  await lead.done();

  const window = await staff(roleOf[agent.session.account.username], workbench(one));
  await window.write('预售下周一发出');
  await scene.accepted(one, (await scene.messages(one))[0].id);
  const { items } = await product.api.get(`${scene.base}/service-levels/breaches?limit=100`);
  assert.ok(!items.some((breach) => breach.conversation_id === one.id), 'it was kept');
  await window.done();
  await scene.minutes(3);
  await scene.closes(one);
  await scene.scores(one, '非常满意');
});

test('Saturday, many more', async () => {
  await scene.until(at(saturday, '09:30'));
  await scene.wave(
    Array.from({ length: 26 }, (_, n) => (n % 5 === 0 ? `换货怎么弄，第 ${n} 单` : `尺码怎么选，第 ${n} 件`)),
    { sources },
  );
  assert.equal(scene.customers, 60);
  await scene.presence(['agent1', 'agent2', 'agent3'], 'offline');
});

test('Sunday: the window of whom nobody answered has expired, what is written is kept; one comes back in vain', async () => {
  await scene.until(at(sunday, '17:45'));
  const one = known.unanswered;
  assert.equal((await scene.now(one)).stage, 'queued', 'who went home handed them back');
  const window = await staff('agent', workbench(one));
  await window.page.getByText('已超过微信允许的回复时间').first().waitFor();
  await window.page.locator('.wb-head').getByRole('button', { name: '接入' }).click();
  await window.head('agent1 接待中').waitFor();
  await window.write('您好，两米乘两米', 'held');
  await settled(window.page);
  assert.deepEqual(await accessibility(window.page), []);
  await screenshot(window.page, 'day-expired');
  assert.equal((await product.sandbox.phone(product.appid, one.openid)).filter((line) => line.direction === 'out').length, 0);
  await window.done();

  await scene.presence(['agent1'], 'online');
  await scene.opens(known.returns, '收到的是坏的，怎么办');
  await scene.minutes(3);
  assert.equal((await scene.now(known.returns)).stage, 'queued', 'nobody is on duty on a Sunday');
  await scene.presence(['agent1'], 'offline');
});

// ---- what the reports say, and what the journal says ----

const script = join(root, 'tests/day/figures.mjs');
const range = { from: at(friday, '00:00'), to: at('03-02', '00:00') };

async function counted(journal, more = [], { from, to } = range, zone = office.time_zone) {
  const { stdout } = await promisify(execFile)(process.execPath, [script, `--export=${journal}`, `--from=${from}`, `--to=${to}`, `--now=${clock.now()}`, `--time-zone=${zone}`, ...more], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}
// Where two of them differ, and by what.
function differences(a, b, where = '') {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) ? [] : [`${where}: reported ${a}, counted ${b}`];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences(a[key], b[key], `${where}/${key}`));
}

test('the count of a journal gives the example of docs/metrics.md its figures', async () => {
  const { totals, agents } = await counted(join(root, 'tests/day/example.jsonl'), [], { from: Date.parse('2026-03-14T00:00Z'), to: Date.parse('2026-03-15T00:00Z') }, 'UTC');
  const { conversations, reopened, transfers, first_reaction, first_answer, response, wait, resolution, first_contact, satisfaction } = totals;
  assert.deepEqual([conversations.count, reopened.count, transfers.count], [1, 0, 1]);
  assert.deepEqual([first_reaction.mean_ms, first_answer.mean_ms, wait.mean_ms], [2 * second, 91 * second, 60 * second]);
  assert.deepEqual([response.median_ms, response.p90_ms, response.missed], [91 * second, 122 * second, 1]);
  assert.deepEqual([agents[7].handling.mean_ms, agents[8].handling.mean_ms], [180 * second, 360 * second]);
  assert.deepEqual([resolution.hits, first_contact.hits, satisfaction.share, satisfaction.answer_rate, satisfaction.mean], [1, 0, 1, 1, 5]);
});

// Two customers turn out to be one person, and the second account came after the first was helped: the first contact did not
// do, whichever account it was.
async function becomeOne() {
  const lines = (await scene.journal()).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const all = [...new Map(lines.map(({ conversation }) => [conversation.id, conversation])).values()].sort((a, b) => a.opened_at - b.opened_at);
  const having = (fits) => new Set(lines.filter(fits).map(({ conversation }) => conversation.id));
  const helped = having(({ message }) => message?.sender_kind === 'agent' && message.accepted_at !== null);
  const resolved = having(({ event }) => event?.kind === 'closed' && event.to === 'resolved');
  const once = all.filter((one) => all.filter(({ openid }) => openid === one.openid).length === 1);
  const first = once.find(({ id }) => helped.has(id) && resolved.has(id));
  const second = once.find((one) => one !== first && one.opened_at > first.closed_at);
  await product.api.post(`${scene.base}/people/${first.person_id}/links`, { person_id: second.person_id });
}

let journal;
let reported;
let expected;
test('the reports are what an independent count of the journal comes to', async () => {
  await scene.until(at(tuesday, '19:00'));
  await scene.api.post(`/conversations/${known.unanswered.id}/close`, { outcome: 'unresolved' });
  await becomeOne();
  journal = join(folder.path, 'journal.jsonl');
  reported = await scene.reported(range);
  writeFileSync(journal, await scene.journal());
  expected = await counted(journal);
  assert.deepEqual(differences(reported, expected), []);

  // What the day was made of.
  const { totals, days } = expected;
  assert.deepEqual(Object.keys(days).sort(), ['2026-02-27', '2026-02-28', '2026-03-01']);
  assert.deepEqual([totals.conversations.count, totals.reopened.count, totals.transfers.count], [61, 1, 1]);
  assert.deepEqual([totals.wait.missed, totals.wait.open], [2, 1], 'two gave up, one of them after being handed back; one still waits');
  assert.deepEqual([totals.first_answer.missed, totals.first_answer.open], [2, 1]);
  assert.ok(totals.response.missed > 10 && totals.satisfaction.missed > 10);
  assert.ok(totals.resolution.share < 1 && totals.first_contact.hits < totals.resolution.hits);
});

for (const mistake of ['answered-when-sent', 'first-answer-from-assignment', 'contact-48-hours', 'contact-by-account', 'day-of-closing', 'missed-dropped', 'parked-is-handled', 'share-of-asked', 'waits-anew-by-routing', 'reopened-is-new'])
  test(`a wrong definition is found: ${mistake}`, async () => {
    assert.notDeepEqual(differences(reported, await counted(journal, [`--wrong=${mistake}`])), []);
  });

test('after a rebuild, and a restart, they are the same', async () => {
  await product.api.post('/desk/reports/rebuild');
  assert.deepEqual(differences(await scene.reported(range), expected), []);
  await product.server.kill();
  await product.restart();
  assert.deepEqual(differences(await scene.reported(range), expected), []);
});

// ---- and what the pages show ----

const units = { 秒: second, 分钟: minute, 小时: 60 * minute, 天: 24 * 60 * minute };
const spanIn = (text) => [...text.matchAll(/([\d.]+) (秒|分钟|小时|天)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * units[unit], 0);
const roundedTo = (ms) => (ms < 10 * second ? second / 10 : ms < 60 * minute ? second : minute);
const isSpan = (ms) => (text) => Math.abs(spanIn(text) - ms) <= roundedTo(ms);
const is = (number) => (text) => text.replaceAll(',', '') === String(number);
const isShare = (share) => (text) => Math.abs(Number(text.replace('%', '')) - share * 100) <= 0.06;

// A figure's name → whether a text says it.
function saying(figures) {
  const texts = { 会话量: is(figures.conversations.count), 重新打开: is(figures.reopened.count), 转接: is(figures.transfers.count) };
  for (const [metric, name, missed] of [['first_reaction', '首次响应', '没有响应'], ['first_answer', '首次人工响应', '没有人工响应'], ['response', '响应时长', '没有回复'], ['wait', '排队时长', '排队放弃'], ['handling', '处理时长']]) {
    const { count, mean_ms, median_ms, p90_ms, ...rest } = figures[metric];
    Object.assign(texts, { [`${name} 中位数`]: isSpan(median_ms), [`${name} 平均`]: isSpan(mean_ms), [`${name} p90`]: isSpan(p90_ms), [`${name} 次数`]: is(count) });
    if (missed) texts[`${name} ${missed}`] = is(rest.missed);
  }
  for (const [metric, name, hits, others] of [['resolution', '解决率', '已解决', '未解决'], ['first_contact', '一次解决率', '一次解决', '没有一次解决']]) {
    const figure = figures[metric];
    Object.assign(texts, { [`${name} 占比`]: isShare(figure.share), [`${name} ${hits}`]: is(figure.hits), [`${name} ${others}`]: is(figure.count - figure.hits) });
  }
  const { share, answer_rate, mean, count, missed } = figures.satisfaction;
  return { ...texts, '满意度 占比': isShare(share), '满意度 参评率': isShare(answer_rate), '满意度 平均分': is(mean.toFixed(2)), '满意度 次数': is(count), '满意度 没有评分': is(missed) };
}
const labelsIn = (scope) => scope.locator('a.rep-figure').evaluateAll((links) => links.map((one) => one.getAttribute('aria-label')));
const saidIn = (labels, name) => labels.find((one) => one.startsWith(`${name} `))?.slice(name.length + 1, -'，查看会话'.length);

test('the pages show these numbers, and lead to the conversations', async () => {
  const { page, done } = await staff('operator', `/m/${product.appid}/reports?${new URLSearchParams(range)}`);
  const main = page.locator('main');
  await main.getByRole('link', { name: `会话量 ${expected.totals.conversations.count}，查看会话`, exact: true }).waitFor();
  const labels = await labelsIn(main.locator('.rep-cards'));
  for (const [name, says] of Object.entries(saying(expected.totals))) {
    const text = saidIn(labels, name);
    if (text === undefined) assert.ok(says('0'), `${name} is missing`); // nothing stands behind it
    else assert.ok(says(text), `${name} shows ${text}`);
  }
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'day-reports');

  await page.goto(`${product.url}/m/${product.appid}/reports/agents?${new URLSearchParams({ ...range, view: 'work' })}`);
  const table = main.getByRole('region', { name: '各位客服', exact: true });
  for (const username of ['agent1', 'agent2', 'agent3']) {
    const { conversations, handling } = expected.agents[scene.idOf(username)];
    await table.getByRole('link', { name: `${username} 会话量 ${conversations.count}，查看会话`, exact: true }).waitFor();
    const text = saidIn(await labelsIn(table), `${username} 处理时长 中位数`);
    assert.ok(isSpan(handling.median_ms)(text), `${username}: ${text}`);
  }
  await screenshot(page, 'day-agents');

  await page.goto(`${product.url}/m/${product.appid}/reports?${new URLSearchParams(range)}`);
  await main.getByRole('link', { name: '重新打开 1，查看会话', exact: true }).click();
  await page.waitForURL('**/reports/conversations**');
  await page.locator('.rep-list .ant-table-row').first().waitFor();
  assert.equal(await page.locator('.rep-list .ant-table-row').count(), 1);
  await done();
});
