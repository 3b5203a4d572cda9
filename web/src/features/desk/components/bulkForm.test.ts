// What is done to all that are chosen, as it is asked of the server.
import { expect, test } from 'vitest';
import type { BulkAction, BulkKind } from '../api/bulk';
import { ready, type Draft } from './BulkForm';

const draft: Draft = { note: '', outcome: 'resolved', tags: [], until: 'message' };

test.each<[BulkKind, Partial<Draft>, BulkAction | undefined]>([
  ['take', {}, { kind: 'take' }],
  ['transfer', {}, undefined],
  ['transfer', { to: 'agent:7' }, { kind: 'transfer', account_id: '7' }],
  ['transfer', { to: 'group:3', note: ' 请看 ' }, { kind: 'transfer', group_id: '3', note: '请看' }],
  ['transfer', { to: 'tier:expert' }, { kind: 'transfer', tier: 'expert' }],
  ['tag', {}, undefined],
  ['tag', { tags: ['退款'] }, { kind: 'tag', tags: ['退款'] }],
  ['park', { note: '等物流' }, { kind: 'park', note: '等物流' }],
  ['close', { outcome: 'unresolved', reason: '9' }, { kind: 'close', outcome: 'unresolved', reason_id: '9', tags: [] }],
  ['macro', {}, undefined],
  ['macro', { macro: '4' }, { kind: 'macro', id: '4' }],
])('%s %j', (kind, part, wanted) => expect(ready(kind, { ...draft, ...part })).toEqual(wanted));
