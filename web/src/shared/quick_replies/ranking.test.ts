import { describe, expect, test } from 'vitest';
import { plainText, type QuickReply } from './quickReplies';
import { ranked } from './ranking';

const reply = (title: string, part: Partial<QuickReply> = {}) => ({ id: title, title, shortcut: '', folder: '', content: '', initials: '', uses: 0, ...part }) as QuickReply;

describe('what is typed finds', () => {
  const all = [
    reply('其他', { content: '退款要三天' }),
    reply('售后退款', { initials: 'shtk', uses: 9 }),
    reply('退款到账', { initials: 'tkdz', uses: 2 }),
    reply('退款规则', { initials: 'tkgz', uses: 5 }),
    reply('银行卡', { initials: 'yhk yxk', folder: '支付/TK' }),
    reply('查物流', { shortcut: 'tkx' }),
    reply('转人工', { shortcut: 'TK' }),
  ];
  test.each([
    ['the shortcut, one that begins so, initials, what is inside', 'tk', ['转人工', '查物流', '退款规则', '退款到账', '售后退款', '银行卡']],
    ['titles that begin so, titles, texts', '退款', ['退款规则', '退款到账', '售后退款', '其他']],
    ['by either reading', 'yx', ['银行卡']],
    ['in full-width and capitals', 'ＴＫＤ', ['退款到账']],
    ['nothing', 'nothing', []],
  ])('%s', (_, words, titles) => expect(ranked(all, words).map((one) => one.title)).toEqual(titles));

  test('all, the most used first, when nothing is typed', () => {
    expect(ranked(all, ' ').map((one) => one.title).slice(0, 4)).toEqual(['售后退款', '退款规则', '退款到账', '其他']);
  });
});

test('at a glance a variable is what stands behind its bar', () => {
  expect(plainText('{{customer.nickname|亲}}您好，我是{{agent.name}}')).toBe('亲您好，我是…');
  expect(plainText('{不是变量} {{没有结束')).toBe('{不是变量} {{没有结束');
});
