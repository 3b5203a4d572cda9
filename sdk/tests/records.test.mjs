// Resources, logs, events, profiles and feedback, as the server gets them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { running } from './phone.mjs';

const sent = async (phone) => {
  phone.miniops.flush();
  await phone.clock.advance(3000);
  phone.miniops.flush();
  await phone.clock.advance(1000);
};

test('images and sounds that do not load', async () => {
  const phone = running();
  phone.miniops.resourceError({
    type: 'error',
    currentTarget: { dataset: { src: 'https://cdn.example/item/918.png?x=1' } },
    detail: { errMsg: 'GET https://cdn.example/item/918.png?x=1 404' },
  });
  phone.miniops.resourceError({
    type: 'error',
    target: { dataset: { src: '/v.mp4', type: 'video' } },
    detail: { errMsg: 'MEDIA_ERR' },
  });
  const player = phone.wx.createInnerAudioContext();
  player.src = 'https://cdn.example/a.mp3';
  player.fail({ errCode: 10002, errMsg: 'network' });
  await sent(phone);
  assert.deepEqual(
    phone.server.records('error').map(({ name, props }) => [name, props.url, props.errno]),
    [
      ['resource:image', 'https://cdn.example/item/:id.png', undefined],
      ['resource:video', '/v.mp4', undefined],
      ['resource:audio', 'https://cdn.example/a.mp3', 10002],
    ],
  );
});

test('logs have levels and filters, and show what they are given', async () => {
  const phone = running({ level: 'debug' });
  const log = phone.miniops.getLogManager();
  log.debug('start', 1, { a: [true, null] }, undefined);
  log.setFilterMsg('order');
  log.addFilterMsg('pay');
  log.addFilterMsg('pay');
  log.warn('see https://h/a?token=1');
  phone.miniops.setTrace('4bf92f35');
  log.setFilterMsg('');
  log.error(new Error('no'));
  await sent(phone);
  const seen = phone.server
    .records('log')
    .map(({ level, text, props, trace }) => ({ level, text, filter: props?.filter, trace }));
  assert.deepEqual(seen, [
    { level: 'debug', text: 'start 1 {"a":[true,null]} undefined', filter: undefined, trace: undefined },
    { level: 'warn', text: 'see https://h/a', filter: 'order pay', trace: undefined },
    { level: 'error', text: 'Error: no', filter: undefined, trace: '4bf92f35' },
  ]);
});

test('events: ours, WeChat’s own, and profiles', async () => {
  const phone = running();
  phone.miniops.reportEvent('PayOrder', { amount: 19.9 });
  phone.miniops.reportAnalytics('Search', { word: 'tea' });
  phone.wx.reportEvent('wx_event', { a: 1 });
  phone.wx.reportAnalytics('wx_analytics', { b: 2 });
  phone.miniops.reportEvent('bare');
  phone.miniops.setUser({ openid: 'oABC', loginId: 'u-7', properties: { vip: true } });
  await sent(phone);
  const events = phone.server.records('event').filter(({ name }) => !['launch', 'route', 'page_view'].includes(name));
  assert.deepEqual(
    events.map(({ name, props }) => [name, props]),
    [
      ['PayOrder', { amount: 19.9 }],
      ['Search', { word: 'tea' }],
      ['wx_event', { a: 1 }],
      ['wx_analytics', { b: 2 }],
      ['bare', {}],
    ],
  );
  assert.deepEqual(
    phone.server.records('profile').map(({ name, props }) => [name, props]),
    [['set', { vip: true }]],
  );
  assert.equal(phone.server.received.at(-1).batch.context.user.openid, 'oABC');
});

test('feedback: a record, and one for each picture that can be made small enough', async () => {
  const phone = running();
  phone.files = {
    'small.jpg': '/9j/AAAA',
    'large.jpg': 'A'.repeat(200_000),
    'large.20.jpg': 'B'.repeat(100_000),
    'huge.jpg': 'C'.repeat(300_000),
  };
  phone.responses.compressImage = ({ src, quality }) =>
    src === 'large.jpg' ? { ok: true, tempFilePath: quality === 20 ? 'large.20.jpg' : 'large.jpg' } : { ok: false };
  const pending = phone.miniops.feedback({
    text: '打不开',
    type: 1,
    contact: 'me',
    pictures: ['small.jpg', 'large.jpg', 'huge.jpg', 'fourth.jpg'],
    extra: { order: 7 },
  });
  await phone.clock.advance(2000);
  const result = await pending;
  assert.equal(result.ok, true);
  assert.equal(result.pictures, 2);
  await sent(phone);
  const [feedback, ...pictures] = phone.server.records('feedback');
  assert.equal(feedback.text, '打不开');
  assert.deepEqual([feedback.props.feedback, feedback.props.type, feedback.props.pictures], [result.id, 1, 2]);
  assert.deepEqual(
    pictures.map(({ name, props }) => [name, props.feedback, props.index, props.data.length]),
    [
      ['picture', result.id, 0, 8],
      ['picture', result.id, 1, 100_000],
    ],
  );
  assert.equal(phone.server.records('error').length, 0, 'our own failed compression is no failure of the host');
});

for (const given of [
  undefined,
  null,
  'text',
  {},
  { text: 'x', pictures: 'no list' },
  { text: 'x', pictures: [null, 7, 'missing'] },
]) {
  test(`feedback(${JSON.stringify(given)}) never rejects`, async () => {
    const phone = running();
    const pending = phone.miniops.feedback(given);
    await phone.clock.advance(1000);
    const { ok, pictures } = await pending;
    assert.equal(ok, typeof given === 'object' && given !== null);
    assert.equal(pictures, 0);
  });
}

test('a record too large for the server is left out and counted', async () => {
  const phone = running();
  const wide = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, 'x'.repeat(8000)]));
  phone.miniops.reportEvent('wide', wide);
  phone.miniops.reportEvent('small');
  await sent(phone);
  assert.equal(phone.server.records('event', 'wide').length, 0);
  assert.equal(phone.server.records('event', 'small').length, 1);
  assert.equal(phone.server.dropped()['too_large/event'], 1);
});
