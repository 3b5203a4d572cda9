// Calls of wx that fail, and requests, as the server gets them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { knownNames } from './fake_wx.mjs';
import { running } from './phone.mjs';

const sent = async (phone) => {
  phone.miniops.flush();
  await phone.clock.advance(3000);
  phone.miniops.flush();
  await phone.clock.advance(1000);
};

const outcomes = [
  // api, what it fails with, what becomes of it
  ['login', { errMsg: 'login:fail timeout', errno: 5 }, { level: 'error', refused: false, errno: 5 }],
  ['getLocation', { errMsg: 'getLocation:fail auth deny' }, { level: 'warn', refused: true }],
  ['getLocation', { errMsg: 'getLocation:fail:auth denied' }, { level: 'warn', refused: true }],
  [
    'getLocation',
    { errMsg: 'getLocation:fail system permission denied', errno: 3 },
    { level: 'warn', refused: true, errno: 3 },
  ],
  ['getLocation', { errMsg: 'getLocation:fail', errno: 103 }, { level: 'warn', refused: true, errno: 103 }],
  [
    'getLocation',
    { errMsg: 'getLocation:fail privacy permission is not authorized', errno: 104 },
    { level: 'warn', refused: true, errno: 104 },
  ],
  [
    'chooseImage',
    { errMsg: 'chooseImage:fail api scope is not declared in the privacy agreement', errno: 112 },
    { level: 'error', refused: false, errno: 112 },
  ],
  [
    'requestPayment',
    { errMsg: 'requestPayment:fail:invalid total_fee', errCode: -2 },
    { level: 'error', refused: false, errno: -2 },
  ],
  ['requestPayment', { errMsg: 'requestPayment:fail cancel' }, 'cancelled'],
  ['chooseImage', { errMsg: 'chooseImage:fail cancel' }, 'cancelled'],
  ['navigateTo', { errMsg: 'navigateTo:fail page "pages/gone?id=7" is not found' }, { level: 'error', refused: false }],
];

for (const [api, failure, expected] of outcomes) {
  for (const form of ['callback', 'promise']) {
    test(`wx.${api} (${form}) fails with ${failure.errMsg} ${failure.errno || ''}`, async () => {
      const phone = running();
      phone.responses[api] = () => ({ ok: false, ...failure });
      const failed = new Promise((done) => {
        if (form === 'callback') phone.wx[api]({ fail: done });
        else phone.wx[api]({}).catch(done);
      });
      await phone.clock.advance(100);
      assert.deepEqual(await failed, failure);
      await sent(phone);
      const errors = phone.server.records('error');
      if (expected === 'cancelled') {
        assert.equal(errors.length, 0);
        assert.deepEqual(phone.server.records('event', 'api_cancelled')[0].props, { api });
        return;
      }
      assert.equal(errors.length, 1);
      assert.equal(errors[0].name, `api:${api}`);
      assert.equal(errors[0].level, expected.level);
      assert.equal(errors[0].props.refused, expected.refused);
      assert.equal(errors[0].props.errno, expected.errno);
      assert.ok(errors[0].text.startsWith(`${api}:fail`));
    });
  }
}

test('every call whose failures we want exists in WeChat', () => {
  const source = readFileSync(new URL('../src/api_failures.js', import.meta.url), 'utf8');
  const names = [...source.slice(source.indexOf('const watched'), source.indexOf('.split')).matchAll(/[a-z]\w+/gi)].map(
    ([name]) => name,
  );
  const unknown = names.filter((name) => !['const', 'watched'].includes(name) && !knownNames.has(name));
  assert.ok(names.length > 30);
  assert.deepEqual(unknown, []);
});

test('more calls by option', async () => {
  const phone = running({ apis: ['showModal'] });
  phone.responses.showModal = () => ({ ok: false });
  phone.wx.showModal({ fail() {} });
  await phone.clock.advance(100);
  await sent(phone);
  assert.equal(phone.server.records('error', 'api:showModal').length, 1);
});

const profile = {
  domainLookUpStart: 1000,
  domainLookUpEnd: 1010,
  connectStart: 1010,
  connectEnd: 1060,
  SSLconnectionStart: 1030,
  SSLconnectionEnd: 1060,
  requestStart: 1060,
  requestEnd: 1061,
  responseStart: 1100,
  responseEnd: 1130,
  sendBytesCount: 321,
  receivedBytedCount: 4321,
};
const requests = [
  {
    what: 'that succeeds',
    options: { url: 'https://shop.example/order/918?k=1', method: 'post', data: '汉字' },
    answer: { statusCode: 200, profile },
    props: {
      api: 'request',
      method: 'POST',
      url: 'https://shop.example/order/:id',
      status: 200,
      failed: false,
      bytes_sent: 321,
      bytes_received: 4321,
      phases: { dns: 10, connect: 50, ssl: 30, ttfb: 40, download: 30 },
    },
  },
  {
    what: 'without a profile',
    options: { url: 'https://shop.example/a', data: '汉字', method: 'POST' },
    answer: { statusCode: 200, header: { 'Content-Length': '77' }, data: 'x' },
    props: {
      api: 'request',
      method: 'POST',
      url: 'https://shop.example/a',
      status: 200,
      failed: false,
      bytes_sent: 6,
      bytes_received: 77,
    },
  },
  {
    what: 'answered 404',
    options: { url: 'https://shop.example/a' },
    answer: { statusCode: 404, data: 'none' },
    props: {
      api: 'request',
      method: 'GET',
      url: 'https://shop.example/a',
      status: 404,
      failed: false,
      bytes_received: 4,
    },
  },
  {
    what: 'answered 500',
    options: { url: 'https://shop.example/a/7' },
    answer: { statusCode: 500, data: '' },
    props: {
      api: 'request',
      method: 'GET',
      url: 'https://shop.example/a/:id',
      status: 500,
      failed: false,
      bytes_received: 0,
    },
    error: 'GET https://shop.example/a/:id 500',
  },
  {
    what: 'that fails',
    options: { url: 'https://shop.example/a' },
    answer: { ok: false, errMsg: 'request:fail url not in domain list:https://shop.example/a?token=1', errno: 600002 },
    props: { api: 'request', method: 'GET', url: 'https://shop.example/a', status: 0, failed: true, bytes_received: 0 },
    error: 'request:fail url not in domain list:https://shop.example/a',
  },
  {
    what: 'that the host gives up',
    options: { url: 'https://shop.example/a' },
    answer: { ok: false, errMsg: 'request:fail abort' },
    props: {
      api: 'request',
      method: 'GET',
      url: 'https://shop.example/a',
      status: 0,
      failed: true,
      bytes_received: 0,
      aborted: true,
    },
  },
];

for (const { what, options, answer, props, error } of requests) {
  test(`request ${what}`, async () => {
    const phone = running();
    phone.responses.request = () => answer;
    phone.wx.request({ ...options, success() {}, fail() {} });
    await phone.clock.advance(100);
    await sent(phone);
    const [record] = phone.server.records('performance', 'request');
    assert.equal(record.value, 20);
    assert.deepEqual(record.props, props);
    const errors = phone.server.records('error', 'request_failed');
    assert.deepEqual(
      errors.map(({ text }) => text),
      error ? [error] : [],
    );
  });
}

test('uploads and downloads are requests, too', async () => {
  const phone = running();
  phone.responses.downloadFile = () => ({ ok: false, errMsg: 'downloadFile:fail timeout' });
  phone.wx.uploadFile({ url: 'https://shop.example/up/7', filePath: 'x', name: 'f', success() {} });
  phone.wx.downloadFile({ url: 'https://cdn.example/9f86d081884c7d65.png', fail() {} });
  await phone.clock.advance(100);
  await sent(phone);
  assert.deepEqual(
    phone.server
      .records('performance', 'request')
      .map(({ props }) => [props.api, props.method, props.url, props.failed]),
    [
      ['uploadFile', 'POST', 'https://shop.example/up/:id', false],
      ['downloadFile', 'GET', 'https://cdn.example/:id.png', true],
    ],
  );
  assert.equal(phone.server.records('error', 'request_failed').length, 1);
});

test('the host may choose the pattern and the status that is an error', async () => {
  const phone = running({
    urlPattern: (url) => (url.includes('/p/') ? 'https://h/p/:slug' : undefined),
    requestErrorStatus: 400,
  });
  phone.responses.request = () => ({ statusCode: 404 });
  phone.wx.request({ url: 'https://h/p/summer', success() {} });
  phone.wx.request({ url: 'https://h/q/1', success() {} });
  await phone.clock.advance(100);
  await sent(phone);
  assert.deepEqual(
    phone.server.records('error', 'request_failed').map(({ props }) => props.url),
    ['https://h/p/:slug', 'https://h/q/:id'],
  );
});
