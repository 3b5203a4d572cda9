// How severities and states look: never by colour alone.
import { useTranslation } from 'react-i18next';
import { Mark, type Level } from '@/shared/ui/page';
import type { IssueState } from '../api/issues';

const levelOf: Record<IssueState['severity'], Level> = { P0: 'failed', P1: 'failed', P2: 'warning', P3: 'info' };

export function SeverityMark({ issue }: { issue: IssueState }) {
  const { t } = useTranslation();
  return (
    <span title={issue.severity_overridden ? t('issues.severity_by_hand', { computed: issue.severity_computed }) : t('issues.severity_computed')}>
      <Mark level={levelOf[issue.severity]}>
        <strong>{issue.severity}</strong>
        {issue.severity_overridden && <span className="muted"> *</span>}
      </Mark>
    </span>
  );
}

export function StateText({ issue }: { issue: IssueState }) {
  const { t } = useTranslation();
  return (
    <span className="issue-state">
      {t(`issues.states.${issue.state}`)}
      {issue.fixed_in && <span className="muted num"> {issue.fixed_in}</span>}
      {issue.regressed_at !== null && <span className="issue-badge issue-badge-red">{t('issues.regressed')}</span>}
      {issue.ignored && <span className="issue-badge">{t('issues.ignored')}</span>}
    </span>
  );
}
