// The first language: its shape is the type that every other language must have.
import type { alerts } from './alerts';
import type { charts } from './charts';
import { common, errors } from './common';
import { desk } from './desk';
import { gateway } from './gateway';
import { identity } from './identity';
import type { issues } from './issues';
import type { logs } from './logs';
import type { official } from './official';
import { overview } from './overview';
import type { people } from './people';
import type { performance } from './performance';
import type { quick_replies } from './quick_replies';
import type { reports } from './reports';
import type { satisfaction } from './satisfaction';
import type { service_levels } from './service_levels';
import type { teams } from './teams';
import type { telemetry } from './telemetry';
import type { webhooks } from './webhooks';

const zh = { common, errors, identity, gateway, desk, overview };
export default zh;
export type FirstStrings = typeof zh;
// With what is loaded later (i18n/index.ts).
export type Strings = FirstStrings & { alerts: typeof alerts; charts: typeof charts; issues: typeof issues; logs: typeof logs; official: typeof official; people: typeof people; performance: typeof performance; quick_replies: typeof quick_replies; reports: typeof reports; satisfaction: typeof satisfaction; service_levels: typeof service_levels; teams: typeof teams; telemetry: typeof telemetry; webhooks: typeof webhooks };
