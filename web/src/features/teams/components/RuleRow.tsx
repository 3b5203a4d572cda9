// A rule in the list: what it says, what looks wrong about it, its switch, and how it is deleted.
import { Button, Switch } from 'antd';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { conditionWords } from '@/shared/conditions/conditionWords';
import { Mark, useNotify } from '@/shared/ui/page';
import { useChangeRule, useRemoveRule, type Rule } from '../api/routing';
import { shownOf, type DraftStore } from './drafts';
import { useNames } from './names';
import { findStored, warningSentence } from './sentences';
import { targetWords } from './target';

export function RuleText({ appid, rule, rules, unsaved }: { appid: string; rule: Rule; rules: Rule[]; unsaved: boolean }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  const shown = shownOf(rule);
  const find = findStored(rules.map(shownOf));
  return (
    <>
      <span className="team-line">
        <strong className={rule.enabled ? undefined : 'muted'}>{rule.name}</strong>
        {unsaved && <Mark level="warning">{t('teams.unsaved')}</Mark>}
      </span>
      <span>{conditionWords(shown.condition, t)}</span>
      <span className="muted">→ {targetWords(shown.target, names, t)}</span>
      {rule.warnings.map((warning, index) => (
        <span key={index} className="rule-warning">
          <TriangleAlert size={14} aria-hidden /> {warningSentence(warning, find, names, t)}
        </span>
      ))}
    </>
  );
}

export function RuleSwitch({ appid, rule, mayConfigure }: { appid: string; rule: Rule; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const change = useChangeRule(appid);
  const { failed } = useNotify();
  return <Switch size="small" aria-label={t('teams.rules.enable', { name: rule.name })} disabled={!mayConfigure} checked={rule.enabled} loading={change.isPending} onChange={(enabled) => change.mutate({ id: rule.id, change: { version: rule.version, enabled } }, { onError: failed })} />;
}

export function RemoveRule({ appid, rule, store }: { appid: string; rule: Rule; store: DraftStore }) {
  const { t } = useTranslation();
  const remove = useRemoveRule(appid);
  const { done, failed, confirm } = useNotify();
  const ask = () =>
    confirm(
      t('teams.rules.remove_title', { name: rule.name }),
      t('teams.rules.remove_hint'),
      () => remove.mutateAsync(rule.id).then(() => (store.put(rule.id, null), done()), failed),
      t('common.delete'),
    );
  return (
    <Button size="small" type="text" danger aria-label={t('teams.rules.remove', { name: rule.name })} onClick={ask}>
      {t('common.delete')}
    </Button>
  );
}
