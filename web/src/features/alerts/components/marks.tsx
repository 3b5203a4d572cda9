// How severities and states look: an icon's form beside the colour.
import { useTranslation } from 'react-i18next';
import { Mark, type Level } from '@/shared/ui/page';
import type { Alert, Rule } from '../api/alerts';

const severityLevels: Record<Alert['severity'], Level> = { notice: 'info', warning: 'warning', critical: 'failed' };
const stateLevels: Record<Alert['state'], Level> = { pending: 'unknown', firing: 'failed', acknowledged: 'warning', resolved: 'ok', closed: 'unknown' };
const sightLevels: Record<Rule['sight'], Level> = { normal: 'ok', no_data: 'warning', too_little_data: 'unknown', no_reference: 'unknown', query_failed: 'failed', waiting: 'unknown' };

export function Severity({ of }: { of: { severity: Alert['severity']; priority: Alert['priority'] } }) {
  const { t } = useTranslation();
  return (
    <Mark level={severityLevels[of.severity]}>
      {t(`alerts.severities.${of.severity}`)} <span className="muted num">{of.priority}</span>
    </Mark>
  );
}

export function State({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  return (
    <span className="alert-state">
      <Mark level={stateLevels[alert.state]}>{t(`alerts.states.${alert.state}`)}</Mark>
      {alert.flapping && <span className="alert-badge">{t('alerts.flapping')}</span>}
      {alert.escalated > 0 && <span className="alert-badge alert-badge-red">{t('alerts.escalated', { n: alert.escalated })}</span>}
      {alert.hidden_by && <span className="alert-badge">{t('alerts.hidden')}</span>}
    </span>
  );
}

export function Sight({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  if (!rule.enabled) return <Mark level="unknown">{t('alerts.rules.disabled')}</Mark>;
  return <Mark level={sightLevels[rule.sight]}>{t(`alerts.sights.${rule.sight}`)}</Mark>;
}
