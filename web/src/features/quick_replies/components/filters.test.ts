import { describe, expect, test } from 'vitest';
import type { QuickReply } from '@/shared/quick_replies/quickReplies';
import { byFolder, filtersOf, foldersOf, listed, noFolder, withFilters, within } from './filters';
import { folderFits } from './replyDraft';

const reply = (title: string, folder: string, part: Partial<QuickReply> = {}) => ({ id: title, title, folder, scope: 'shared', shortcut: '', content: '', initials: '', uses: 0, last_used_at: null, ...part }) as QuickReply;
const all = [reply('你好', ''), reply('发票', '售后', { uses: 2 }), reply('退款', '售后/退款', { uses: 2, last_used_at: 9, scope: 'personal' }), reply('售后服务', '售后服务')];
const none = { q: '', scope: '', folder: '', sort: '' } as const;
const titles = (part: Partial<Parameters<typeof listed>[1]>) => listed(all, { ...none, ...part }).map((one) => one.title);

test('the list by scope, folder, words and use', () => {
  expect(titles({ folder: '售后' })).toEqual(['发票', '退款']);
  expect(titles({ folder: noFolder })).toEqual(['你好']);
  expect(titles({ scope: 'personal' })).toEqual(['退款']);
  expect(titles({ sort: 'uses' })).toEqual(['退款', '发票', '你好', '售后服务']);
  expect(titles({ q: '售后', sort: 'uses' })).toEqual(['售后服务', '发票', '退款']);
});

test('folders count what is below them; neighbours are together', () => {
  expect(foldersOf(all)).toEqual([{ path: '售后', n: 2 }, { path: '售后/退款', n: 1 }, { path: '售后服务', n: 1 }]);
  expect(foldersOf([reply('a', 'x/y')])).toEqual([{ path: 'x', n: 1 }, { path: 'x/y', n: 1 }]);
  expect(byFolder(all).map(({ folder, items }) => [folder, items.length])).toEqual([['', 1], ['售后', 1], ['售后/退款', 1], ['售后服务', 1]]);
  expect(within('售后服务', '售后')).toBe(false);
});

test('the address holds them beside what else it holds', () => {
  const search = withFilters(new URLSearchParams('reply=7&scope=shared'), { q: '退款', scope: '' });
  expect(search.toString()).toBe('reply=7&q=%E9%80%80%E6%AC%BE');
  expect(filtersOf(new URLSearchParams('scope=all&sort=x&folder=a/b'))).toEqual({ ...none, folder: 'a/b' });
});

describe('a folder fits', () => {
  test.each([['', true], [' ', true], ['售后 / 退款', true], ['a/b/c', true], ['a/b/c/d', false], ['a//b', false], ['/a', false], ['长'.repeat(33), false], ['😀'.repeat(32), true]])('%s', (path, fits) => expect(folderFits(path)).toBe(fits));
});
