// Drafts: kept in this browser within bounds, the same in all tabs, never another person's.
import { act, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { forgetOwn, setOwner } from '@/shared/session/own';
import { blank, draftIn, heldDraft, isBlank, keepDraft, storedDraft, useDrafts } from './drafts';
import { useDraft } from './useDraft';

const written = (text: string, at = Date.now()) => ({ ...blank(), text, at });
const textOf = (id: string) => draftIn(storedDraft(id))?.text;
const told = () => act(() => void window.dispatchEvent(new Event('storage')));
const tab = (id = '1') => renderHook(() => useDraft(id)).result;
const type = (one: ReturnType<typeof tab>, text: string) => act(() => one.current.keep({ text }));

afterEach(() => {
  setOwner('');
  vi.useRealTimers();
});

describe('kept', () => {
  test('for the person who wrote it, until they sign out', () => {
    setOwner('7');
    keepDraft('1', written('一半'));
    setOwner('8');
    expect(textOf('1')).toBeUndefined();
    setOwner('7');
    expect(textOf('1')).toBe('一半');
    forgetOwn();
    setOwner('7');
    expect(textOf('1')).toBeUndefined();
    expect(localStorage).toHaveLength(0);
  });

  test('a week long, and of a hundred conversations', () => {
    vi.useFakeTimers({ now: 1_000_000_000, toFake: ['Date'] });
    for (let i = 0; i < 120; i++) keepDraft(`${i}`, written('字', Date.now() + i));
    expect(localStorage.length).toBe(100);
    expect([textOf('19'), textOf('20')]).toEqual([undefined, '字']);
    vi.setSystemTime(1_000_000_000 + 8 * 86_400_000);
    expect(textOf('119')).toBeUndefined();
    keepDraft('new', written('新'));
    expect(localStorage.length).toBe(1);
  });

  test('not when there is nothing in it; what is no draft is none', () => {
    keepDraft('1', written('一半'));
    keepDraft('1', blank());
    expect(localStorage).toHaveLength(0);
    for (const stored of ['', 'x', '{"text":3,"at":9999999999999}', '{"pictures":"a","at":9999999999999}']) expect(draftIn(stored)).toBeUndefined();
  });

  test('with whom it names; one that says nothing of that, or something else, is still a draft', () => {
    const note = { ...blank(true), text: '@李雷 看一下', mentions: ['3'], consult: true, at: Date.now() };
    keepDraft('1', note);
    expect(draftIn(storedDraft('1'))).toEqual(note);
    for (const broken of [{ mentions: undefined, consult: undefined }, { mentions: '3' }, { mentions: [3] }, { mentions: null }, { consult: 'yes' }])
      expect(draftIn(JSON.stringify({ ...note, ...broken }))).toEqual({ ...note, mentions: [], consult: false });
  });

  test('also changed while it is on no screen', () => {
    keepDraft('1', { ...written('您看这张'), pictures: ['a.png'] });
    const { id } = heldDraft('1').now();
    heldDraft('1').keep({ text: '' });
    expect(heldDraft('1').now()).toMatchObject({ text: '', pictures: ['a.png'] });
    expect(heldDraft('1').now().id).not.toBe(id);
    heldDraft('1').keep({ pictures: [] });
    expect(storedDraft('1')).toBeNull();
  });

  test('the list hears of it', () => {
    const list = renderHook(() => useDrafts()).result;
    act(() => void keepDraft('1', written('一半')));
    expect([...list.current]).toEqual(['1']);
    act(() => void keepDraft('1', blank()));
    expect([...list.current]).toEqual([]);
  });
});

describe('in two tabs', () => {
  test('what one writes the other shows, and sending clears both', () => {
    const [a, b] = [tab(), tab()];
    type(a, '您好');
    told();
    expect(b.current.text).toBe('您好');
    expect(b.current.id).toBe(a.current.id);
    type(b, '您好，');
    told();
    type(a, '');
    told();
    expect([a.current.text, b.current.text, storedDraft('1')]).toEqual(['', '', null]);
  });

  test('written in both at once, neither is lost without a word', () => {
    const [a, b] = [tab(), tab()];
    type(a, '甲写的');
    type(b, '乙写的');
    expect(b.current.theirs?.text).toBe('甲写的');
    act(() => b.current.answerTheirs(true));
    expect([b.current.text, textOf('1'), b.current.theirs]).toEqual(['甲写的', '甲写的', undefined]);
  });

  test('what the other sent meanwhile is not sent again', () => {
    const [a, b] = [tab(), tab()];
    type(a, '您好');
    told();
    type(a, '');
    let may = true;
    act(() => void (may = b.current.mayBeSent()));
    expect(may).toBe(false);
    expect(b.current.text).toBe('');
    expect(a.current.mayBeSent()).toBe(true);
  });

  test('whom a note names is the same in both, and gone with its text', () => {
    const [a, b] = [tab(), tab()];
    type(a, '@李雷 看一下');
    act(() => a.current.keep({ mentions: ['3'], consult: true }));
    told();
    expect([b.current.mentions, b.current.consult]).toEqual([['3'], true]);
    type(b, '');
    told();
    for (const one of [a, b]) expect([one.current.mentions, one.current.consult]).toEqual([[], false]);
  });

  test('a picture that is left over when the text was sent is of another message', () => {
    const a = tab();
    act(() => a.current.keep({ text: '您看这张', pictures: ['a.png'] }));
    const { id } = a.current;
    type(a, '');
    expect(a.current.pictures).toEqual(['a.png']);
    expect(a.current.id).not.toBe(id);
  });

  test('a private note comes back as a note, and the next message has another id', () => {
    const a = tab();
    act(() => a.current.keep({ note: true }));
    type(a, '别告诉客户');
    expect(tab().current.note).toBe(true);
    const { id } = a.current;
    type(a, '');
    expect(a.current.id).not.toBe(id);
    expect(isBlank(a.current)).toBe(true);
  });
});
