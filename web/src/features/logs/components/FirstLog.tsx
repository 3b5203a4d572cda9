// Before the first line: the code that writes one.
import { useTranslation } from 'react-i18next';
import { FirstRecord } from '@/shared/ui/FirstRecord';
import { sdkCode } from '@/shared/ui/sdkCode';
import { duration } from '@/shared/ui/time';

// `first`: when the first line came; 0 while it is awaited.
export function FirstLog({ appid, first }: { appid: string; first: number }) {
  const { t } = useTranslation();
  return (
    <FirstRecord
      appid={appid}
      title={t('logs.first.title')}
      purpose={t('logs.first.purpose')}
      waiting={t('logs.first.waiting')}
      came={first > 0 ? t('logs.first.came', { t: duration(Date.now() - first) }) : ''}
      code={(server, key) => codeOf(server, key, t('logs.first.sample'))}
    />
  );
}

const codeOf = (server: string, key: string, sample: string) =>
  `${sdkCode(server, key)}\n\nconst log = miniops.getLogManager();\nlog.info('${sample}', { order: 7 });\nlog.setFilterMsg('pay');`;
