// Which page is at which address. Everything below /m/{appid} belongs to one mini program; pages are loaded on demand.
import { createBrowserRouter } from 'react-router';
import { LoginPage } from '@/features/identity/pages/LoginPage';
import { loadStrings, type Part } from '@/i18n';
import { untilLoaded } from '@/shared/ui/late';
import { Crash } from './Crash';
import type { Handle } from './Shell';

// `parts`: the page's own strings, when they are not among those that are loaded first.
const page = (load: () => Promise<Record<string, unknown>>, name: string, ...parts: Part[]) => async () => {
  const [module] = await untilLoaded(() => Promise.all([load(), ...parts.map(loadStrings)]));
  return { Component: module[name] as React.ComponentType };
};

const alone: Handle = { alone: true };

export const router = createBrowserRouter([
  { path: '/login', Component: LoginPage, ErrorBoundary: Crash },
  {
    path: '/',
    lazy: page(() => import('./Shell'), 'Shell'),
    ErrorBoundary: Crash,
    HydrateFallback: () => null,
    children: [
      { index: true, lazy: page(() => import('./Home'), 'Home') },
      {
        path: 'm/:appid',
        children: [
          { index: true, lazy: page(() => import('./Home'), 'Home') },
          { path: 'overview', lazy: page(() => import('@/features/overview/pages/OverviewPage'), 'OverviewPage') },
          { path: 'desk/workbench/:conversationId?', lazy: page(() => import('@/features/desk/pages/WorkbenchPage'), 'WorkbenchPage') },
          { path: 'desk/live', lazy: page(() => import('@/features/supervise/pages/LivePage'), 'LivePage', 'supervise') },
          { path: 'desk/records/:section?', lazy: page(() => import('@/features/records/pages/RecordsPage'), 'RecordsPage', 'records') },
          { path: 'desk/settings/:section?', lazy: page(() => import('@/features/desk/pages/SettingsPage'), 'SettingsPage', 'content_check', 'queue') },
          { path: 'people', lazy: page(() => import('@/features/people/pages/PeoplePage'), 'PeoplePage', 'people') },
          { path: 'people/segments', lazy: page(() => import('@/features/people/pages/PeoplePage'), 'PeoplePage', 'people') },
          { path: 'people/proposals', lazy: page(() => import('@/features/people/pages/PeoplePage'), 'PeoplePage', 'people') },
          { path: 'people/blacklist', lazy: page(() => import('@/features/people/pages/PeoplePage'), 'PeoplePage', 'people') },
          { path: 'people/entrances', lazy: page(() => import('@/features/people/pages/PeoplePage'), 'PeoplePage', 'people', 'charts') },
          { path: 'people/settings', lazy: page(() => import('@/features/people/pages/PeoplePage'), 'PeoplePage', 'people') },
          { path: 'people/:id', lazy: page(() => import('@/features/people/pages/PersonPage'), 'PersonPage', 'people') },
          { path: 'teams/:section?', lazy: page(() => import('@/features/teams/pages/TeamsPage'), 'TeamsPage', 'teams') },
          { path: 'service-levels/:section?', lazy: page(() => import('@/features/service_levels/pages/ServiceLevelsPage'), 'ServiceLevelsPage', 'service_levels', 'charts') },
          { path: 'quick-replies/:section?', lazy: page(() => import('@/features/quick_replies/pages/QuickRepliesPage'), 'QuickRepliesPage', 'quick_replies') },
          { path: 'automation/:section?', lazy: page(() => import('@/features/automation/pages/AutomationPage'), 'AutomationPage', 'automation', 'teams', 'quick_replies') },
          { path: 'reports/:section?', lazy: page(() => import('@/features/reports/pages/ReportsPage'), 'ReportsPage', 'reports', 'charts') },
          { path: 'reports/wallboard', handle: alone, lazy: page(() => import('@/features/reports/pages/WallboardPage'), 'WallboardPage', 'reports') },
          { path: 'satisfaction/:section?', lazy: page(() => import('@/features/satisfaction/pages/SatisfactionPage'), 'SatisfactionPage', 'satisfaction', 'charts') },
          { path: 'wrap-up/:section?', lazy: page(() => import('@/features/wrapup/pages/WrapUpPage'), 'WrapUpPage', 'wrapup') },
          { path: 'telemetry/records', lazy: page(() => import('@/features/telemetry/pages/RecordsPage'), 'RecordsPage', 'telemetry', 'charts') },
          { path: 'telemetry/intake/:section?', lazy: page(() => import('@/features/telemetry/pages/IntakePage'), 'IntakePage', 'telemetry', 'charts') },
          { path: 'performance/:section?', lazy: page(() => import('@/features/performance/pages/PerformancePage'), 'PerformancePage', 'performance', 'charts') },
          { path: 'issues', lazy: page(() => import('@/features/issues/pages/IssuesPage'), 'IssuesPage', 'issues', 'charts') },
          { path: 'issues/releases', lazy: page(() => import('@/features/issues/pages/IssuesPage'), 'IssuesPage', 'issues', 'charts') },
          { path: 'issues/source-maps', lazy: page(() => import('@/features/issues/pages/IssuesPage'), 'IssuesPage', 'issues', 'charts') },
          { path: 'issues/:id', lazy: page(() => import('@/features/issues/pages/IssuePage'), 'IssuePage', 'issues', 'charts') },
          { path: 'logs/:section?', lazy: page(() => import('@/features/logs/pages/LogsPage'), 'LogsPage', 'logs', 'charts') },
          { path: 'official/:section?', lazy: page(() => import('@/features/official/pages/OfficialPage'), 'OfficialPage', 'official', 'charts') },
          { path: 'alerts', lazy: page(() => import('@/features/alerts/pages/AlertsPage'), 'AlertsPage', 'alerts', 'charts') },
          { path: 'alerts/rules', lazy: page(() => import('@/features/alerts/pages/AlertsPage'), 'AlertsPage', 'alerts', 'charts') },
          { path: 'alerts/incidents', lazy: page(() => import('@/features/alerts/pages/AlertsPage'), 'AlertsPage', 'alerts', 'charts') },
          { path: 'alerts/channels', lazy: page(() => import('@/features/alerts/pages/AlertsPage'), 'AlertsPage', 'alerts', 'charts') },
          { path: 'alerts/receivers', lazy: page(() => import('@/features/alerts/pages/AlertsPage'), 'AlertsPage', 'alerts', 'charts') },
          { path: 'alerts/silences', lazy: page(() => import('@/features/alerts/pages/AlertsPage'), 'AlertsPage', 'alerts', 'charts') },
          { path: 'alerts/incidents/:id', lazy: page(() => import('@/features/alerts/pages/IncidentPage'), 'IncidentPage', 'alerts') },
          { path: 'alerts/:id', lazy: page(() => import('@/features/alerts/pages/AlertPage'), 'AlertPage', 'alerts', 'charts') },
          { path: 'gateway', lazy: page(() => import('@/features/gateway/pages/HealthPage'), 'HealthPage') },
          { path: 'miniprogram', lazy: page(() => import('@/features/gateway/pages/MiniProgramPage'), 'MiniProgramPage') },
          { path: 'members', lazy: page(() => import('@/features/identity/pages/MembersPage'), 'MembersPage') },
          { path: 'webhooks', lazy: page(() => import('@/features/webhooks/pages/WebhooksPage'), 'WebhooksPage', 'webhooks') },
          { path: 'webhooks/:id', lazy: page(() => import('@/features/webhooks/pages/WebhookPage'), 'WebhookPage', 'webhooks', 'charts') },
          { path: 'audit', lazy: page(() => import('@/features/identity/pages/AuditPage'), 'AuditPage') },
        ],
      },
      { path: 'miniprograms', lazy: page(() => import('@/features/gateway/pages/MiniProgramsPage'), 'MiniProgramsPage') },
      { path: 'accounts', lazy: page(() => import('@/features/identity/pages/AccountsPage'), 'AccountsPage') },
      { path: 'audit', lazy: page(() => import('@/features/identity/pages/AuditPage'), 'AuditPage') },
      { path: 'api-keys', lazy: page(() => import('@/features/identity/pages/ApiKeysPage'), 'ApiKeysPage') },
      { path: 'account', lazy: page(() => import('@/features/identity/pages/OwnAccountPage'), 'OwnAccountPage') },
      { path: '*', lazy: page(() => import('./NotFound'), 'NotFound') },
    ],
  },
]);
