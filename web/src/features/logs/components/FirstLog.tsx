// Before the first line: the code that sends one, and the moment it comes.
import { App, Button } from 'antd';
import { Copy } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { Mark } from '@/shared/ui/page';
import { duration } from '@/shared/ui/time';

const pollMs = 2000;
const path = (appid: string) => ({ path: { appid } });

// When the first log line of all came, as far as is known; 0: none yet.
export const useFirstLog = (appid: string, enabled: boolean) =>
  useQuery({
    queryKey: ['logs', appid, 'first'],
    enabled,
    refetchInterval: ({ state }) => (state.data === 0 ? pollMs : false),
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/intake', { params: path(appid) }))).kinds.find((one) => one.kind === 'log')?.oldest_at ?? 0,
  });

// `first`: when the first line came; 0 while it is awaited.
export function FirstLog({ appid, first }: { appid: string; first: number }) {
  const { t } = useTranslation();
  const keys = useQuery({
    queryKey: ['telemetry', appid, 'keys'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/keys', { params: path(appid) }))).items,
  });
  const key = keys.data?.find((one) => !one.revoked_at);
  return (
    <div className="log-first">
      <h2>{t('logs.first.title')}</h2>
      <p className="muted">{t('logs.first.purpose')}</p>
      {keys.data && !key && (
        <p>
          {t('logs.first.no_key')} <Link to={`/m/${appid}/telemetry/intake`}>{t('logs.first.to_intake')}</Link>
        </p>
      )}
      {key && <Code text={codeOf(new URL(key.batch_url).origin, key.key, t('logs.first.sample'))} />}
      <p className={first > 0 ? 'log-live' : 'log-live log-live-waiting'} role="status">
        {first > 0 ? (
          <Mark level="ok">
            <strong>{t('logs.first.came', { t: duration(Date.now() - first) })}</strong>
          </Mark>
        ) : (
          <>
            <span className="log-tail-dot" aria-hidden /> <strong>{t('logs.first.waiting')}</strong> <span className="muted">{t('logs.first.waiting_hint')}</span>
          </>
        )}
      </p>
    </div>
  );
}

export const codeOf = (server: string, key: string, sample: string) =>
  `const miniops = require('./miniops.js');\nminiops.init({\n  server: '${server}',\n  key: '${key}',\n});\n\nconst log = miniops.getLogManager();\nlog.info('${sample}', { order: 7 });\nlog.setFilterMsg('pay');`;

function Code({ text }: { text: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => message.success(t('common.copied')),
      () => message.error(t('common.copy_failed')),
    );
  return (
    <div className="log-code">
      <pre tabIndex={0} role="region" aria-label={t('logs.first.code')}>
        {text}
      </pre>
      <Button size="small" icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
        {t('logs.first.copy')}
      </Button>
    </div>
  );
}
