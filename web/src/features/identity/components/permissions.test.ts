import { expect, test } from 'vitest';
import { adjustable, allows, bodyOf, changesOf, draftOf, modules, unadjusted, withoutGroup, withSetting, type MemberPermissions } from './permissions';

const found: MemberPermissions = {
  account_id: '7',
  role: 'agent',
  instance_admin: false,
  base: ['account.self', 'miniprogram.read', 'desk.read', 'desk.reply'],
  grants: ['desk.inspect'],
  denials: ['desk.reply'],
  group_grants: [
    { permission: 'desk.supervise', group_id: 'g1' },
    { permission: 'desk.supervise', group_id: 'g2' },
  ],
  effective: ['account.self', 'miniprogram.read', 'desk.read', 'desk.inspect'],
};

test('each permission stands in one module, and none is left out', () => {
  expect(modules.flatMap(({ permissions }) => permissions).sort()).toEqual([...adjustable].sort());
  expect(adjustable).not.toContain('account.self');
});

test('what was not touched is sent as it came', () => {
  const draft = draftOf(found);
  expect(changesOf(found, draft)).toEqual({ changed: [], lostGroups: [] });
  expect(bodyOf(draft)).toEqual({ grants: found.grants, denials: found.denials, group_grants: found.group_grants });
});

test.each([
  ['desk.reply', 'role', true],
  ['desk.reply', 'denied', false],
  ['audit.read', 'role', false],
  ['audit.read', 'granted', true],
] as const)('%s, %s: %s', (permission, setting, expected) => {
  expect(allows(found, permission, setting)).toBe(expected);
});

test('what is granted or denied for all leaves nothing to groups; the way back leaves them alone', () => {
  const granted = withSetting(draftOf(found), 'desk.supervise', 'granted');
  expect(bodyOf(granted).group_grants).toEqual([]);
  expect(changesOf(found, granted)).toEqual({ changed: [{ permission: 'desk.supervise', from: 'role', to: 'granted' }], lostGroups: found.group_grants });
  expect(bodyOf(withSetting(draftOf(found), 'desk.reply', 'role'))).toEqual({ grants: ['desk.inspect'], denials: [], group_grants: found.group_grants });
});

test('one group is taken back, or everything', () => {
  const draft = draftOf(found);
  expect(changesOf(found, withoutGroup(draft, draft.groups[0]!))).toEqual({ changed: [], lostGroups: [found.group_grants[0]] });
  expect(bodyOf(unadjusted())).toEqual({ grants: [], denials: [], group_grants: [] });
  expect(changesOf(found, unadjusted()).changed.map(({ permission }) => permission)).toEqual(['desk.reply', 'desk.inspect']);
});
