// Names of what figures belong to, and of the figures themselves.
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useAgents, useGroupName } from '@/shared/teams/teams';
import { pathOf, useReasons } from '@/shared/wrapup/wrapUp';
import type { By, Metric, Row } from '../api/reports';
import { formOf, type FigureName } from './figures';

export type Say = TFunction<'console'>;

const withMissed = ['first_reaction', 'first_answer', 'response', 'wait', 'satisfaction'] as const;
const withOpen = ['handling', 'first_contact'] as const;
const withHits = ['resolution', 'first_contact', 'satisfaction'] as const;

// What never came, what may still come, and what counts are called by the metric.
export function figureText(metric: Metric, name: FigureName, t: Say): string {
  if (name === 'missed') return t(`reports.missed.${withMissed.find((one) => one === metric) ?? 'others'}`);
  if (name === 'open') return t(`reports.open.${withOpen.find((one) => one === metric) ?? 'others'}`);
  if (name === 'hits') return t(`reports.hits.${withHits.find((one) => one === metric) ?? 'resolution'}`);
  if (name === 'others') return t(`reports.not_hits.${withHits.find((one) => one === metric) ?? 'resolution'}`);
  if (name === 'count' && formOf(metric) === 'count') return t('reports.figures.count');
  return t(`reports.figures.${name === 'count' ? 'of' : name}`);
}

export const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00–${String(hour + 1).padStart(2, '0')}:00`;

export function useNames(appid: string) {
  const { t } = useTranslation();
  const { data } = useAgents(appid);
  const group = useGroupName(appid);
  const agent = useCallback((id: string) => (id === 'none' ? t('reports.nobody') : (data?.items.find((one) => one.account_id === id)?.display_name ?? (data ? t('reports.somebody', { id }) : '…'))), [data, t]);
  const source = useCallback((text: string) => text || t('reports.no_source'), [t]);
  const tag = useCallback((text: string) => text || t('reports.no_tag'), [t]);
  const reasons = useReasons(appid).data;
  const reason = useCallback(
    (id: string) => {
      const known = reasons?.find((one) => one.id === id);
      if (id === 'none') return t('reports.no_reason');
      return known && reasons ? pathOf(reasons, known) : reasons ? t('reports.somebody', { id }) : '…';
    },
    [reasons, t],
  );
  // The server knows agents who are none any more, too.
  const row = useCallback(
    (by: By, one: Row): string => {
      if (by === 'agent') return one.name || agent(one.agent_id ?? 'none');
      if (by === 'group') return one.group_id ? group(one.group_id) : t('reports.no_group');
      if (by === 'hour') return hourText(one.hour ?? 0);
      if (by === 'reason') return one.name || reason(one.reason_id ?? 'none');
      if (one.others) return t(by === 'tag' ? 'reports.other_tags' : 'reports.other_sources');
      return by === 'tag' ? tag(one.tag ?? '') : source(one.source ?? '');
    },
    [agent, group, source, reason, tag, t],
  );
  return { agent, group, source, reason, tag, row };
}

// What a row is narrowed down to; undefined: that cannot be asked for.
export function filterOf(by: By, one: Row): { name: By; value: string } | undefined {
  const value = { agent: one.agent_id ?? 'none', group: one.group_id, hour: one.hour, source: one.others ? undefined : one.source, reason: one.reason_id ?? 'none', tag: one.others ? undefined : one.tag }[by];
  return value === null || value === undefined ? undefined : { name: by, value: String(value) };
}
