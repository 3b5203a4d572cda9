import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { bytesOf, fresh, pageOf, problemOf, serverCode, sessionFrom, wxmlOf, type Entrance } from './wxml';

const of = (part: Partial<Entrance> = {}): Entrance => ({ ...fresh(), text: '联系客服', ...part });
const card = (part: Partial<Entrance>) => of({ parameters: [], card: true, ...part });

describe('session-from of the page', () => {
  test.each([
    [[], ''],
    [[{ name: 'page', value: 'pages/goods/detail' }], 'page=pages%2Fgoods%2Fdetail'],
    [[{ name: ' 商品 ', value: 'a&b="{{x}}"' }, { name: '', value: 'left away' }, { name: 'q', value: "!'()*~ +" }], '%E5%95%86%E5%93%81=a%26b%3D%22%7B%7Bx%7D%7D%22&q=%21%27%28%29%2A~%20%2B'],
  ])('%j', (parameters, expected) => expect(sessionFrom(parameters)).toBe(expected));

  test('bytes are counted, not letters', () => expect(bytesOf('客服a')).toBe(7));
  test('names that the server would drop are told', () => {
    const parameters = ['page', '_openid', 'page', ''].map((name) => ({ name, value: 'x' }));
    expect(parameters.map((_, index) => problemOf(parameters, index))).toEqual([null, 'reserved', 'twice', null]);
  });
});

describe('the button', () => {
  test('without a card has session-from alone, and the page needs no code', () => {
    const { wxml, data } = wxmlOf(of({ title: 'not shown' }));
    expect(wxml).toBe('<button\n  open-type="contact"\n  session-from="page=pages%2Findex%2Findex"\n>联系客服</button>');
    expect(pageOf(of(), data)).toBe('');
  });
  test('without parameters has no session-from', () => expect(wxmlOf(of({ parameters: [] })).wxml).not.toContain('session-from'));
  test('with a card has what the customer may send', () => {
    const { wxml, data } = wxmlOf(card({ title: '桂花乌龙 & 茶具', path: 'pages/goods/detail?id=42&from=desk', image: 'https://example.com/a.png' }));
    expect(wxml).toContain('show-message-card="{{true}}"\n  send-message-title="桂花乌龙 & 茶具"\n  send-message-path="pages/goods/detail?id=42&from=desk"\n  send-message-img="https://example.com/a.png"');
    expect(data).toEqual({});
  });
  test.each(['12" 唱片', '{{ 优惠 }}', '<新品>', 'a&quot;b', 'C:\\图', '两\n行'])('%j cannot break out of its attribute: it goes into the data', (title) => {
    const { wxml, data } = wxmlOf(card({ title }));
    expect(wxml).toContain('send-message-title="{{contactTitle}}"');
    expect(data).toEqual({ contactTitle: title });
  });
  test('nor the text on it', () => {
    expect(wxmlOf(card({ text: '</button><view>' }))).toEqual({ wxml: expect.stringMatching(/>\{\{contactText\}\}<\/button>$/), data: { contactText: '</button><view>' } });
  });
});

// The page's code is run as WeChat would.
function run(code: string, answer: string) {
  let page: { data: Record<string, string>; setData(part: object): void; onLoad?(): void } | undefined;
  const wx = { getStorageSync: () => 'token', request: ({ success }: { success(answer: object): void }) => success({ data: { sessionFrom: answer } }) };
  new Function('Page', 'wx', code)((given: typeof page) => (page = { ...given!, setData: (part) => Object.assign(page!.data, part) }), wx);
  page!.onLoad?.();
  return page!.data;
}

describe("the page's code", () => {
  test('holds the texts as they are', () => {
    const entrance = card({ title: '"引号" \\ </script> {{x}}', path: "pages/a?x='1'" });
    expect(run(pageOf(entrance, wxmlOf(entrance).data), '')).toEqual({ contactTitle: '"引号" \\ </script> {{x}}' });
  });
  test('puts what was signed before what the page says', () => {
    const entrance = of({ signed: true });
    expect(wxmlOf(entrance).wxml).toContain('session-from="{{sessionFrom}}"');
    expect(run(pageOf(entrance, wxmlOf(entrance).data), 'level=3&_sig=x')).toEqual({ sessionFrom: 'level=3&_sig=x&page=pages%2Findex%2Findex' });
    const bare = of({ signed: true, parameters: [] });
    expect(run(pageOf(bare, wxmlOf(bare).data), 'level=3&_sig=x')).toEqual({ sessionFrom: 'level=3&_sig=x' });
  });
});

// The code that the page shows, run; the texts are those of src/people/tests/session_from_test.cpp.
describe("the server's code signs as the product reads", () => {
  const sign = new Function('require', `${serverCode}\nreturn signSessionFrom;`)(createRequire(import.meta.url)) as (key: string, parameters: object, openid: string, now: number) => string;
  const key = '0123456789abcdef0123456789abcdef';
  const now = 1_763_701_200_000;
  test.each([
    [{ level: '3' }, '', '_ts=1763701200&level=3&_sig=vokR856gIYTDcmlqfAdIgVF-6fEZPKvrl99shUdzT04'],
    [{ level: 5, login_id: 'u77', name: '王 小明&=' }, 'oTESTuser0001', '_openid=oTESTuser0001&_ts=1763701200&level=5&login_id=u77&name=%E7%8E%8B%20%E5%B0%8F%E6%98%8E%26%3D&_sig=JuGJy_aa4Usa7qDNTa414vkaLrmGps4hJ6BKhGXfVrY'],
  ])('%j for "%s"', (parameters, openid, expected) => expect(sign(key, parameters, openid, now)).toBe(expected));
});
