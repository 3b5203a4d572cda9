import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagePath, urlPattern, withoutQueries } from '../src/url_pattern.js';

const patterns = [
  // what, URL, pattern
  ['a number', 'https://shop.example/order/918', 'https://shop.example/order/:id'],
  ['a query', 'https://shop.example/list?openid=oABC&phone=13800138000', 'https://shop.example/list'],
  ['a fragment', 'https://shop.example/list#top', 'https://shop.example/list'],
  ['a uuid', 'https://h/u/6F9619FF-8B86-D011-B42D-00CF4FC964FF/x', 'https://h/u/:id/x'],
  ['hexadecimal of eight', 'https://h/f/deadbeef', 'https://h/f/:id'],
  ['hexadecimal of seven', 'https://h/f/deadbee', 'https://h/f/deadbee'],
  ['an openid', 'https://h/user/oGZUI0egBJY1zhBYw2KhdUfwVJJE', 'https://h/user/:id'],
  ['a long token', 'https://h/t/eyJhbGciOiJIUzI1NiJ9.e30.Et9HFtf9R3', 'https://h/t/:id'],
  ['a phone number in a name', 'https://h/tel-13800138000', 'https://h/:id'],
  ['an order number with a prefix', 'https://h/SN20260105001', 'https://h/:id'],
  ['a mail address', 'https://h/u/a@b.example', 'https://h/u/:id'],
  ['a mail address, escaped', 'https://h/u/a%40b.example', 'https://h/u/:id'],
  ['a version stays', 'https://h/api/v2/orders', 'https://h/api/v2/orders'],
  ['a long word stays', 'https://h/getUserOrderListByShopIdentifier', 'https://h/getUserOrderListByShopIdentifier'],
  ['a file with a hash', 'https://cdn.example/img/9f86d081884c7d65.png', 'https://cdn.example/img/:id.png'],
  ['a plain file stays', 'https://cdn.example/img/logo.png', 'https://cdn.example/img/logo.png'],
  ['several ids', 'https://h/shop/12/item/345', 'https://h/shop/:id/item/:id'],
  ['a password in the authority', 'https://me:secret@h/x', 'https://h/x'],
  ['case of the host', 'HTTPS://Shop.Example/Order', 'https://shop.example/Order'],
  ['a port stays', 'http://h:8080/order/1', 'http://h:8080/order/:id'],
  ['only a host', 'https://h', 'https://h'],
  ['a path without host', '/order/77?x=1', '/order/:id'],
  ['a file of the phone', 'wxfile://tmp_9c2e/touristappid.o6zAJs.png', 'wxfile://tmp_9c2e/:file'],
  ['a temporary file of the tools', 'http://tmp/abc.png', 'http://tmp/:file'],
  ['a data URI', 'data:image/png;base64,iVBORw0KGgo=', 'data:'],
  ['nothing', undefined, ''],
];

for (const [what, url, pattern] of patterns) {
  test(`URL pattern: ${what}`, () => assert.equal(urlPattern(url), pattern));
}

test('a text loses the queries of its URLs, and a stack keeps its positions', () => {
  const texts = [
    ['request:fail url https://h/a?token=1', 'request:fail url https://h/a'],
    ['at https://usr/app.js:3:14', 'at https://usr/app.js:3:14'],
    ['at f (http://127.0.0.1:97/app/index.js?t=wechat&s=1:12:3)', 'at f (http://127.0.0.1:97/app/index.js:12:3)'],
    ['see "https://h/a?k=1" and https://h/b#c', 'see "https://h/a" and https://h/b'],
    ['is it? yes', 'is it? yes'],
  ];
  for (const [text, expected] of texts) assert.equal(withoutQueries(text), expected);
});

test('a page path has no query, slash or suffix', () => {
  for (const path of ['pages/a/a', '/pages/a/a', 'pages/a/a?id=1', 'pages/a/a.html?id=1']) {
    assert.equal(pagePath(path), 'pages/a/a');
  }
});
