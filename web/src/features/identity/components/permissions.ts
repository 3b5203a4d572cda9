// A member's permissions as they are edited: as the role says, granted or denied. The server has the same rules
// (src/identity/permissions.cpp); a grant for groups stands for itself, where nothing else is said.
import type { Schemas } from '@/shared/api/client';
import type { Permission } from '@/shared/session/session';

export type MemberPermissions = Schemas['MemberPermissions'];
export type GroupGrant = Schemas['GroupGrant'];
export type Adjustable = Exclude<Permission, 'instance.manage' | 'account.self'>;
export type Setting = 'role' | 'granted' | 'denied';
export const settings: Setting[] = ['role', 'granted', 'denied'];

export type Module = 'miniprogram' | 'members' | 'gateway' | 'telemetry' | 'issues' | 'alerts' | 'desk' | 'privacy';
// A record, so that a permission without a module does not compile.
const moduleOf: Record<Adjustable, Module> = {
  'miniprogram.read': 'miniprogram',
  'miniprogram.manage': 'miniprogram',
  'members.read': 'members',
  'members.manage': 'members',
  'audit.read': 'members',
  'gateway.read': 'gateway',
  'gateway.manage': 'gateway',
  'telemetry.read': 'telemetry',
  'telemetry.manage': 'telemetry',
  'issues.handle': 'issues',
  'alerts.handle': 'alerts',
  'alerts.manage': 'alerts',
  'desk.read': 'desk',
  'desk.reply': 'desk',
  'desk.records_all': 'desk',
  'desk.supervise': 'desk',
  'desk.inspect': 'desk',
  'desk.export': 'desk',
  'desk.configure': 'desk',
  'desk.publish': 'desk',
  'personal_data.read': 'privacy',
};
export const adjustable = Object.keys(moduleOf) as Adjustable[];
export const modules = [...new Set(Object.values(moduleOf))].map((module) => ({ module, permissions: adjustable.filter((one) => moduleOf[one] === module) }));

// The key of a permission's name: t(`identity.permission.${nameKey(…)}`).
export const nameKey = (permission: Permission) => permission.replace('.', '_') as 'desk_read';

export interface Draft {
  settings: Record<Adjustable, Setting>;
  groups: GroupGrant[];
}

const settingOf = (found: MemberPermissions, permission: Adjustable): Setting => (found.denials.includes(permission) ? 'denied' : found.grants.includes(permission) ? 'granted' : 'role');

export const draftOf = (found: MemberPermissions): Draft => ({
  settings: Object.fromEntries(adjustable.map((one) => [one, settingOf(found, one)])) as Draft['settings'],
  groups: found.group_grants,
});

// All as the role says.
export const unadjusted = (): Draft => ({ settings: Object.fromEntries(adjustable.map((one) => [one, 'role'])) as Draft['settings'], groups: [] });

// What is granted or denied for the whole mini program leaves nothing to groups.
export const withSetting = (draft: Draft, permission: Adjustable, setting: Setting): Draft => ({
  settings: { ...draft.settings, [permission]: setting },
  groups: setting === 'role' ? draft.groups : draft.groups.filter((one) => one.permission !== permission),
});

export const withoutGroup = (draft: Draft, gone: GroupGrant): Draft => ({ ...draft, groups: draft.groups.filter((one) => one !== gone) });

export const allows = (found: MemberPermissions, permission: Adjustable, setting: Setting) => setting === 'granted' || (setting === 'role' && found.base.includes(permission));

export interface Change {
  permission: Adjustable;
  from: Setting;
  to: Setting;
}

export function changesOf(found: MemberPermissions, draft: Draft): { changed: Change[]; lostGroups: GroupGrant[] } {
  return {
    changed: adjustable.map((permission) => ({ permission, from: settingOf(found, permission), to: draft.settings[permission] })).filter(({ from, to }) => from !== to),
    lostGroups: found.group_grants.filter((one) => !draft.groups.some(({ permission, group_id }) => permission === one.permission && group_id === one.group_id)),
  };
}

export const bodyOf = (draft: Draft): Schemas['MemberPermissionsChange'] => ({
  grants: adjustable.filter((one) => draft.settings[one] === 'granted'),
  denials: adjustable.filter((one) => draft.settings[one] === 'denied'),
  group_grants: draft.groups,
});
