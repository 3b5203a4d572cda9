// Which tier a group belongs to, and when its conversations go up by themselves.
import { Alert, Form, InputNumber, Segmented, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useGroups } from '@/shared/teams/teams';
import { escalationKinds, escalationMinutesMax, firstMinutes, tiers, type Escalation, type GroupEdits, type Tier } from './groupEdits';

interface Props {
  appid: string;
  tier: Tier;
  escalation: Escalation;
  disabled: boolean;
  change(part: GroupEdits): void;
}

export function TierFields({ appid, tier, escalation, disabled, change }: Props) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const nobodyAbove = groups.data?.every((one) => one.tier !== 'expert');
  const any = escalationKinds.some((kind) => escalation[kind]);
  return (
    <>
      <Form.Item label={t('teams.groups.tier')} extra={t('teams.groups.tier_hint')}>
        <Segmented aria-label={t('teams.groups.tier')} disabled={disabled} value={tier} options={tiers.map((value) => ({ value, label: t(`desk.tiers.${value}`) }))} onChange={(next) => change({ tier: next })} />
      </Form.Item>
      {tier === 'ordinary' && (
        <Form.Item label={t('teams.groups.escalation')} extra={t('teams.groups.escalation_hint')}>
          {escalationKinds.map((kind) => (
            <Limit key={kind} kind={kind} minutes={escalation[kind] ?? 0} disabled={disabled} change={(minutes) => change({ escalation: { ...escalation, [kind]: minutes } })} />
          ))}
          {any && nobodyAbove && <Alert type="warning" showIcon title={t('teams.groups.no_experts')} />}
        </Form.Item>
      )}
    </>
  );
}

interface LimitProps {
  kind: (typeof escalationKinds)[number];
  minutes: number; // 0: off
  disabled: boolean;
  change(minutes: number): void;
}

function Limit({ kind, minutes, disabled, change }: LimitProps) {
  const { t } = useTranslation();
  const what = t(`teams.groups.escalate.${kind}`);
  return (
    <div className="team-line">
      <Switch aria-label={what} disabled={disabled} checked={minutes > 0} onChange={(on) => change(on ? firstMinutes[kind] : 0)} />
      <span aria-hidden>{what}</span>
      {minutes > 0 && (
        <span className="team-line">
          <span aria-hidden>{t('teams.groups.after')}</span>
          <InputNumber aria-label={t('teams.groups.minutes_of', { what })} min={1} max={escalationMinutesMax} precision={0} style={{ width: 96 }} disabled={disabled} value={minutes} onChange={(value) => change(value ?? 1)} />
          <span aria-hidden>{t('teams.groups.minutes')}</span>
        </span>
      )}
    </div>
  );
}
