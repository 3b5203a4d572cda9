// What a test event brought, also when it did not arrive.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { msText } from '@/shared/charts/numbers';
import type { TestReport } from '../api/webhooks';
import { reasonText } from './health';

export function TestNote({ name, report, close }: { name: string; report: TestReport; close(): void }) {
  const { t } = useTranslation();
  const ms = msText(report.duration_ms);
  const why = report.delivered ? '' : [reasonText(report.reason), report.detail, ms].filter(Boolean).join(' · ');
  return (
    <Alert
      type={report.delivered ? 'success' : 'error'}
      showIcon
      className="hook-note"
      closable={{ onClose: close }}
      title={report.delivered ? t('webhooks.test.delivered', { name, status: report.status ?? '', ms }) : t('webhooks.test.failed', { name })}
      description={
        (why || report.answer) && (
          <>
            {why && <p>{why}</p>}
            {report.answer && <Answer text={report.answer} />}
          </>
        )
      }
    />
  );
}

export function Answer({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <pre className="hook-answer" tabIndex={0} role="group" aria-label={t('webhooks.log.answer')}>
      {text}
    </pre>
  );
}
