// The pages there are, once: the rail, the palette and the first page choose from this list.
import {
  Activity, BellRing, BookText, Boxes, Bug, ChartNoAxesCombined, ClipboardCheck, Contact, DatabaseZap, Gauge, Headset, KeyRound, Landmark, LayoutGrid, MessageSquareQuote, MessagesSquare, MonitorDot, Rows3, ScrollText, Settings2, Smile, SquareTerminal, Target, Timer, UserCog, Users, UsersRound, Webhook, Workflow, type LucideIcon,
} from 'lucide-react';
import type { Permission, Permissions } from '@/shared/session/session';

export interface Place {
  key: 'overview' | 'workbench' | 'live' | 'records' | 'people' | 'teams' | 'service_levels' | 'satisfaction' | 'reports' | 'quick_replies' | 'automation' | 'desk_settings' | 'wrapup' | 'performance' | 'issues' | 'logs' | 'alerts' | 'telemetry_records' | 'official' | 'gateway' | 'telemetry_intake' | 'miniprogram' | 'members' | 'webhooks' | 'audit' | 'miniprograms' | 'accounts' | 'instance_audit' | 'api_keys';
  group: 'overview' | 'desk' | 'quality' | 'platform' | 'settings' | 'instance';
  path: string; // below /m/{appid} when `inProgram`
  inProgram: boolean;
  permission: Permission;
  ofGroups?: boolean; // who has the permission in one group only finds something there
  icon: LucideIcon;
}

export const places: Place[] = [
  { key: 'overview', group: 'overview', path: '/overview', inProgram: true, permission: 'miniprogram.read', icon: LayoutGrid },
  { key: 'workbench', group: 'desk', path: '/desk/workbench', inProgram: true, permission: 'desk.read', icon: Headset },
  { key: 'live', group: 'desk', path: '/desk/live', inProgram: true, permission: 'desk.supervise', ofGroups: true, icon: MonitorDot },
  { key: 'records', group: 'desk', path: '/desk/records', inProgram: true, permission: 'desk.read', icon: MessagesSquare },
  { key: 'people', group: 'desk', path: '/people', inProgram: true, permission: 'desk.read', icon: Contact },
  { key: 'teams', group: 'desk', path: '/teams', inProgram: true, permission: 'desk.read', icon: UsersRound },
  { key: 'service_levels', group: 'desk', path: '/service-levels', inProgram: true, permission: 'desk.read', icon: Target },
  { key: 'quick_replies', group: 'desk', path: '/quick-replies', inProgram: true, permission: 'desk.read', icon: MessageSquareQuote },
  { key: 'automation', group: 'desk', path: '/automation', inProgram: true, permission: 'desk.read', icon: Workflow },
  { key: 'reports', group: 'desk', path: '/reports', inProgram: true, permission: 'desk.read', icon: ChartNoAxesCombined },
  { key: 'satisfaction', group: 'desk', path: '/satisfaction', inProgram: true, permission: 'desk.read', icon: Smile },
  { key: 'desk_settings', group: 'desk', path: '/desk/settings', inProgram: true, permission: 'desk.read', icon: BookText },
  { key: 'wrapup', group: 'desk', path: '/wrap-up', inProgram: true, permission: 'desk.read', icon: ClipboardCheck },
  { key: 'performance', group: 'quality', path: '/performance', inProgram: true, permission: 'telemetry.read', icon: Timer },
  { key: 'issues', group: 'quality', path: '/issues', inProgram: true, permission: 'telemetry.read', icon: Bug },
  { key: 'logs', group: 'quality', path: '/logs', inProgram: true, permission: 'telemetry.read', icon: SquareTerminal },
  { key: 'alerts', group: 'quality', path: '/alerts', inProgram: true, permission: 'telemetry.read', icon: BellRing },
  { key: 'telemetry_records', group: 'quality', path: '/telemetry/records', inProgram: true, permission: 'telemetry.read', icon: Rows3 },
  { key: 'official', group: 'quality', path: '/official', inProgram: true, permission: 'telemetry.read', icon: Landmark },
  { key: 'gateway', group: 'platform', path: '/gateway', inProgram: true, permission: 'gateway.read', icon: Activity },
  { key: 'telemetry_intake', group: 'platform', path: '/telemetry/intake', inProgram: true, permission: 'telemetry.read', icon: DatabaseZap },
  { key: 'miniprogram', group: 'settings', path: '/miniprogram', inProgram: true, permission: 'miniprogram.manage', icon: Settings2 },
  { key: 'members', group: 'settings', path: '/members', inProgram: true, permission: 'members.read', icon: Users },
  { key: 'webhooks', group: 'settings', path: '/webhooks', inProgram: true, permission: 'desk.configure', icon: Webhook },
  { key: 'audit', group: 'settings', path: '/audit', inProgram: true, permission: 'audit.read', icon: ScrollText },
  { key: 'miniprograms', group: 'instance', path: '/miniprograms', inProgram: false, permission: 'instance.manage', icon: Boxes },
  { key: 'accounts', group: 'instance', path: '/accounts', inProgram: false, permission: 'instance.manage', icon: UserCog },
  { key: 'instance_audit', group: 'instance', path: '/audit', inProgram: false, permission: 'instance.manage', icon: Gauge },
  { key: 'api_keys', group: 'instance', path: '/api-keys', inProgram: false, permission: 'account.self', icon: KeyRound },
];

// For whom the place is there.
export const usableBy = ({ can, canSome }: Permissions, appid: string | undefined) => (place: Place) => (place.inProgram ? !!appid && (can(place.permission, appid) || (!!place.ofGroups && canSome(place.permission, appid))) : can(place.permission));

export const addressOf = (place: Place, appid: string | undefined) => (place.inProgram ? `/m/${appid}${place.path}` : place.path);
