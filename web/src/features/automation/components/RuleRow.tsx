// A rule in the list: when, if and then; its switch; how it is resumed and deleted.
import { Button, Switch } from 'antd';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { conditionWords } from '@/shared/conditions/conditionWords';
import { rootOf } from '@/shared/conditions/conditions';
import { useStepText } from '@/shared/quick_replies/steps';
import { useNotify } from '@/shared/ui/page';
import { exactTime, useZone } from '@/shared/ui/time';
import { useChangeRule, useRemoveRule, type Rule } from '../api/automation';
import { warningWords, whenWords } from './words';

interface Props {
  appid: string;
  rule: Rule;
}

export function RuleText({ appid, rule, mayConfigure }: Props & { mayConfigure: boolean }) {
  const { t } = useTranslation();
  const stepText = useStepText(appid);
  return (
    <>
      <strong className={rule.enabled ? undefined : 'muted'}>{rule.name}</strong>
      <dl className="auto-rule">
        <dt>{t('automation.when')}</dt>
        <dd>{whenWords(rule.when, t)}</dd>
        <dt>{t('automation.if')}</dt>
        <dd>{conditionWords(rootOf(rule.condition), t)}</dd>
        <dt>{t('automation.then')}</dt>
        <dd>
          <ol>
            {rule.actions.map((action, index) => (
              <li key={index}>{stepText(action)}</li>
            ))}
          </ol>
        </dd>
      </dl>
      {rule.paused_at !== null && <Paused appid={appid} rule={rule} at={rule.paused_at} mayConfigure={mayConfigure} />}
      {rule.warnings.map((warning, index) => (
        <span key={index} className="rule-warning">
          <TriangleAlert size={14} aria-hidden /> {warningWords(warning, rule.when, t)}
        </span>
      ))}
    </>
  );
}

// Until a person changes it.
function Paused({ appid, rule, at, mayConfigure }: Props & { at: number; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const zone = useZone();
  const change = useChangeRule(appid);
  const { done, failed } = useNotify();
  const resume = () => change.mutate({ id: rule.id, change: { version: rule.version, enabled: true } }, { onSuccess: () => done(), onError: failed });
  return (
    <span className="rule-warning">
      <TriangleAlert size={14} aria-hidden />
      <span>{t('automation.list.paused', { at: exactTime(at, zone) })}</span>
      {mayConfigure && (
        <Button size="small" aria-label={t('automation.list.resume_one', { name: rule.name })} loading={change.isPending} onClick={resume}>
          {t('automation.list.resume')}
        </Button>
      )}
    </span>
  );
}

export function RuleSwitch({ appid, rule, mayConfigure }: Props & { mayConfigure: boolean }) {
  const { t } = useTranslation();
  const change = useChangeRule(appid);
  const { failed } = useNotify();
  return <Switch size="small" aria-label={t('automation.list.enable', { name: rule.name })} disabled={!mayConfigure} checked={rule.enabled} loading={change.isPending} onChange={(enabled) => change.mutate({ id: rule.id, change: { version: rule.version, enabled } }, { onError: failed })} />;
}

export function RuleActions({ appid, rule: { id, name }, open }: Props & { open(): void }) {
  const { t } = useTranslation();
  const remove = useRemoveRule(appid);
  const { done, failed, confirm } = useNotify();
  const ask = () => confirm(t('automation.list.remove_title', { name }), t('automation.list.remove_hint'), () => remove.mutateAsync(id).then(() => done(), failed), t('common.delete'));
  return (
    <>
      <Button size="small" type="text" aria-label={`${t('common.edit')} ${name}`} onClick={open}>
        {t('common.edit')}
      </Button>
      <Link to={`/m/${appid}/automation/log?rule=${id}`} aria-label={t('automation.list.log_of', { name })}>
        {t('automation.list.log')}
      </Link>
      <Button size="small" type="text" danger aria-label={`${t('common.delete')} ${name}`} onClick={ask}>
        {t('common.delete')}
      </Button>
    </>
  );
}
