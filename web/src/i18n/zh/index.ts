// The first language: its shape is the type that every other language must have.
import type { alerts } from './alerts';
import type { automation } from './automation';
import type { charts } from './charts';
import { common, errors } from './common';
import type { content_check } from './content_check';
import { desk } from './desk';
import { gateway } from './gateway';
import { identity } from './identity';
import type { issues } from './issues';
import type { logs } from './logs';
import type { official } from './official';
import { overview } from './overview';
import type { people } from './people';
import type { performance } from './performance';
import type { queue } from './queue';
import type { quick_replies } from './quick_replies';
import type { records } from './records';
import type { reports } from './reports';
import type { satisfaction } from './satisfaction';
import type { sealing } from './sealing';
import type { service_levels } from './service_levels';
import type { supervise } from './supervise';
import type { teams } from './teams';
import type { telemetry } from './telemetry';
import type { webhooks } from './webhooks';
import type { workbench } from './workbench';
import type { wrapup } from './wrapup';

const zh = { common, errors, identity, gateway, desk, overview };
export default zh;
export type FirstStrings = typeof zh;
// With what is loaded later (i18n/index.ts).
export type Strings = FirstStrings & { alerts: typeof alerts; automation: typeof automation; charts: typeof charts; content_check: typeof content_check; issues: typeof issues; logs: typeof logs; official: typeof official; people: typeof people; performance: typeof performance; queue: typeof queue; quick_replies: typeof quick_replies; records: typeof records; reports: typeof reports; satisfaction: typeof satisfaction; sealing: typeof sealing; service_levels: typeof service_levels; supervise: typeof supervise; teams: typeof teams; telemetry: typeof telemetry; webhooks: typeof webhooks; workbench: typeof workbench; wrapup: typeof wrapup };
