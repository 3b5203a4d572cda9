// Who measured a figure, and what a source says of its last error.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Ago } from '@/shared/ui/time';
import { useStatus, type Source, type SourceState } from '../api/official';

export function From({ source }: { source: 'wechat' | 'miniops' }) {
  const { t } = useTranslation();
  return <span className={`official-from official-from-${source}`}>{t(`official.from.${source}`)}</span>;
}

type Failure = NonNullable<SourceState['error']>;

// Codes that a person can do something about have a sentence of their own.
const explained = ['48001', '200007', '45009', '45011', '200010', '20011', '507010'] as const;
export function FailureText({ error }: { error: Failure }) {
  const { t } = useTranslation();
  const known = explained.find((one) => one === String(error.errcode));
  return (
    <>
      {known ? t(`official.errcodes.${known}`) : error.text || t('official.no_answer')}
      {error.errcode !== null && <span className="muted num"> errcode {error.errcode}</span>}
    </>
  );
}

// Above what was pulled, when the source is off or its last run failed: what is shown may be old.
export function Trouble({ appid, source }: { appid: string; source: Source }) {
  const { t } = useTranslation();
  const status = useStatus(appid);
  const state = status.data?.sources.find((one) => one.source === source);
  if (!status.data || !state) return null;
  const action = <Link to={`/m/${appid}/official/sync`}>{t('official.to_sync')}</Link>;
  if (!status.data.enabled) return <Alert type="info" showIcon title={t('official.off_everywhere')} />;
  if (!state.enabled) return <Alert type="info" showIcon title={t('official.off_here')} action={action} />;
  if (!state.error) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={<FailureText error={state.error} />}
      description={
        <>
          {t('official.failed_at')} <Ago at={state.error.at} />
        </>
      }
      action={action}
    />
  );
}
