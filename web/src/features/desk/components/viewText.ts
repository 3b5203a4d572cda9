// What a saved view asks for, in words. Pure, but for the names.
import i18next from 'i18next';
import type { SavedFilter } from './savedViews';

export interface Names {
  group(id: string): string;
  agent(id: string): string;
  reason(id: string): string;
}

export function viewText(filter: SavedFilter, names: Names): string {
  const t = i18next.t;
  const { agent } = filter;
  const words = [
    filter.state ? t(`workbench.views.states.${filter.state}`) : t('workbench.views.states.open'),
    agent && (agent === 'me' || agent === 'none' ? t(`workbench.views.agents.${agent}`) : names.agent(agent)),
    filter.group_id && names.group(filter.group_id),
    filter.reason_id && names.reason(filter.reason_id),
    filter.tag && `#${filter.tag}`,
    filter.waiting_minutes && t('workbench.views.waits', { n: filter.waiting_minutes }),
    filter.window_minutes && t('workbench.views.closes', { n: filter.window_minutes }),
    filter.priority && t('workbench.views.from_priority', { n: filter.priority }),
    filter.unread && t('workbench.views.unread'),
    filter.left_message && t('workbench.views.left_message'),
  ];
  return words.filter(Boolean).join(' · ');
}
