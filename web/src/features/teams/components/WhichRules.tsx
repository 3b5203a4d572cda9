// By which rules something is tried: the stored ones, or with what is not saved. The address says so.
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useRules, type NewRule, type Rule } from '../api/routing';
import { bodyOf, drafted, ready, shownOf, type DraftStore, type Shown } from './drafts';
import { findDrafted, findStored, type FindRule } from './sentences';

export interface Asked {
  rules: Shown[];
  find: FindRule;
  body: NewRule[] | undefined; // undefined: the stored ones
  ready: boolean;
}

// What is asked now; an answer keeps what it was asked by.
export function useAsked(rules: Rule[], store: DraftStore): Asked {
  const [search] = useSearchParams();
  const byDraft = search.get('rules') === 'draft' && Object.keys(store.drafts).length > 0;
  return useMemo(() => {
    if (!byDraft) {
      const stored = rules.map(shownOf);
      return { rules: stored, find: findStored(stored), body: undefined, ready: true };
    }
    const all = drafted(rules, store.drafts);
    return { rules: all, find: findDrafted(all), body: all.map(bodyOf), ready: all.every(ready) };
  }, [byDraft, rules, store.drafts]);
}

export function WhichRules({ appid, store }: { appid: string; store: DraftStore }) {
  const { t } = useTranslation();
  const rules = useRules(appid);
  const [search, setSearch] = useSearchParams();
  const asked = useAsked(rules.data ?? [], store);
  const any = Object.keys(store.drafts).length > 0;
  const choose = (value: string) =>
    setSearch((old) => {
      const next = new URLSearchParams(old);
      if (value === 'draft') next.set('rules', value);
      else next.delete('rules');
      return next;
    });
  return (
    <div className="team-which">
      <Segmented aria-label={t('teams.which.label')} value={any && search.get('rules') === 'draft' ? 'draft' : 'stored'} options={(['stored', 'draft'] as const).map((value) => ({ value, label: t(`teams.which.${value}`), disabled: value === 'draft' && !any }))} onChange={choose} />
      {!any && <span className="muted team-small">{t('teams.which.none')}</span>}
      {!asked.ready && <span className="team-wrong">{t('teams.which.incomplete')}</span>}
    </div>
  );
}
