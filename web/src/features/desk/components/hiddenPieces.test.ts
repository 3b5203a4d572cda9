import { describe, expect, it } from 'vitest';
import type { Message } from '../api/cache';
import { pieces, textOf, type HiddenNumber } from './hiddenPieces';

const at = (position: number, begin: number, length: number, field = 'content'): HiddenNumber => ({ position, kind: 'phone', field, at: begin, length });

describe('hidden numbers', () => {
  it.each([
    ['nothing hidden', '你好', [], ['你好']],
    ['in the middle', '电话 138****5678。', [at(0, 3, 11)], ['电话 ', '138****5678*', '。']],
    ['places count characters, not halves of them', '😀138****5678😀', [at(0, 1, 11)], ['😀', '138****5678*', '😀']],
    ['all of it', '138****5678', [at(0, 0, 11)], ['138****5678*']],
    ['two, whatever their order', 'a138****5678b139****5678', [at(1, 13, 11), at(0, 1, 11)], ['a', '138****5678*', 'b', '139****5678*']],
    ['a place beyond the text is none', '短', [at(0, 0, 11)], ['短']],
    ['places that overlap are one', '138****5678', [at(0, 0, 11), at(1, 3, 4)], ['138****5678*']],
  ])('%s', (_, text, hidden, expected) => {
    const cut = pieces(text, hidden);
    expect(cut.map((one) => one.text).join('')).toBe(text);
    expect(cut.map((one) => one.text + (one.hidden ? '*' : ''))).toEqual(expected);
  });

  it('finds the text that a place is in', () => {
    const message = { msgtype: 'link', link: { title: 'a', url: 'b' }, raw: 'c' } as unknown as Message;
    expect(['title', 'url', 'raw', 'content'].map((field) => textOf(message, field))).toEqual(['a', 'b', 'c', '']);
  });
});
